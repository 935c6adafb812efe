import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Quad } from 'n3';
import type { Municipality } from '../../model/registry.ts';
import type { ApiSettings } from '../api-config.ts';
import { contactQuads, datasetIri, datasetQuads, publisherIri } from './dataset-description.ts';
import { day, describe, link, localised, text } from './description.ts';
import type { DumpFile } from './distribution.ts';
import { services } from './interfaces.ts';
import type { Extent, PublicDataset } from './public-dataset.ts';
import type { Showcase } from './showcase.ts';
import * as vocabulary from './vocabulary.ts';

type CatalogueConfig = Pick<ApiSettings, 'contact' | 'catalogue' | 'publicMqttUrl'>;

export interface CatalogueDeps {
  readonly showcase: Showcase;
  readonly config: CatalogueConfig;
  /** The monthly files of a dataset that lie ready, newest first. */
  readonly dumpsOf: (dataset: string) => Promise<readonly DumpFile[]>;
}

interface Described {
  readonly entry: PublicDataset;
  readonly extent: Extent | undefined;
}

/**
 * The catalogue after DCAT-AP.de 3.0, in parts of bounded size: first the catalogue with its services and publishers, then
 * one part for each dataset. Between two parts others get their turn.
 */
export async function* catalogueParts(
  { showcase, config, dumpsOf }: CatalogueDeps,
  base: string,
): AsyncGenerator<Quad[]> {
  const described: Described[] = [];
  for (const entry of showcase.datasets()) described.push({ entry, extent: await showcase.extent(entry) });
  yield headQuads(described, { showcase, config, base });
  for (const { entry, extent } of described) {
    const dumps = await dumpsOf(entry.dataset.id);
    yield datasetQuads(entry, { base, config, extent, dumps });
    await nextTurn();
  }
}

interface HeadOptions {
  readonly showcase: Showcase;
  readonly config: CatalogueConfig;
  readonly base: string;
}

const defaultTitle = { de: 'Offene Daten der Region', en: 'Open data of the region' };
const defaultDescription = {
  de: 'Messwerte der Sensoren einer Region: Datensätze, Schnittstellen und Dateien zum Herunterladen.',
  en: "Values measured by a region's sensors: datasets, interfaces and files for download.",
};

const headQuads = (described: readonly Described[], { showcase, config, base }: HeadOptions): Quad[] => {
  const iri = `${base}/catalog`;
  const entries = described.map(({ entry }) => entry);
  const publisher = cataloguePublisher(entries, { showcase, config });
  const publisherOfAll = publisher ? publisherIri(base, publisher.id) : `${iri}#publisher`;
  const newest = described.flatMap(({ extent }) => extent?.newest ?? []);
  const publishers = new Map(entries.map((entry) => [entry.publisher.id, entry.publisher]));
  if (publisher) publishers.set(publisher.id, publisher);
  const { title, description } = config.catalogue;
  const areas = [...publishers.values()].flatMap(({ key }) => vocabulary.areaOf(key) ?? []);
  return [
    ...describe(
      iri,
      ['dcat:Catalog'],
      [
        ['dct:title', title === undefined ? localised(defaultTitle) : text(title, 'de')],
        ['dct:description', description === undefined ? localised(defaultDescription) : text(description, 'de')],
        ['dct:publisher', link(publisherOfAll)],
        ['foaf:homepage', link(`${base}/data`)],
        ['dct:language', [link(vocabulary.euLanguage('DEU')), link(vocabulary.euLanguage('ENG'))]],
        ['dcat:themeTaxonomy', link(vocabulary.THEME_TAXONOMY)],
        ['dct:spatial', [...new Set(areas)].sort().map(link)],
        ['dct:modified', newest.length > 0 ? day(Math.max(...newest)) : undefined],
        ['dcat:service', Object.keys(services).map((id) => link(`${iri}#service-${id}`))],
        ['dcat:dataset', entries.map(({ dataset }) => link(datasetIri(base, dataset.id)))],
      ],
    ),
    ...(publisher
      ? []
      : describe(publisherOfAll, ['foaf:Agent'], [['foaf:name', text(config.contact.name ?? 'plietsch')]])),
    ...[...publishers.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).flatMap((body) => publisherQuads(body, base)),
    ...areaQuads([...publishers.values(), ...entries.flatMap(({ municipalities }) => municipalities)]),
    ...serviceQuads(entries, { publisher: publisherOfAll, config, base }),
  ];
};

/** As configured; else the district above the first publisher, else that one. */
const cataloguePublisher = (
  entries: readonly PublicDataset[],
  { showcase, config }: Pick<HeadOptions, 'showcase' | 'config'>,
): Municipality | undefined => {
  const find = (id: string) => showcase.reader.find('municipality', id);
  const configured = config.catalogue.publisher;
  const [most] = [...Map.groupBy(entries, ({ publisher }) => publisher)]
    .sort(([a, ofA], [b, ofB]) => ofB.length - ofA.length || (a.id < b.id ? -1 : 1))
    .map(([publisher]) => publisher);
  return (
    (configured === undefined ? undefined : find(configured)) ??
    (most?.parent === undefined ? most : (find(most.parent) ?? most))
  );
};

const publisherQuads = ({ id, name, key }: Municipality, base: string): Quad[] =>
  describe(
    publisherIri(base, id),
    ['foaf:Agent'],
    [
      ['foaf:name', text(name)],
      ['dct:identifier', text(key)],
      ['dct:type', link(vocabulary.LOCAL_AUTHORITY)],
    ],
  );

/** The areas of official keys, with the names of those whose they are. */
const areaQuads = (bodies: readonly Municipality[]): Quad[] => {
  const names = new Map(bodies.flatMap(({ key, name }) => [[vocabulary.areaOf(key), name] as const]));
  return [...names]
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
    .flatMap(([iri, name]) =>
      iri === undefined ? [] : describe(iri, ['dct:Location'], [['locn:geographicName', text(name, 'de')]]),
    );
};

const serviceQuads = (
  entries: readonly PublicDataset[],
  { publisher, config, base }: { publisher: string; config: CatalogueConfig; base: string },
): Quad[] => {
  const isHighValue = entries.some(({ dataset }) => dataset.hvdCategory !== undefined);
  const contact = `${base}/catalog#contact`;
  const { name = 'plietsch', email, url } = config.contact;
  return [
    ...Object.entries(services).flatMap(([id, { title, path, describedAt, conformsTo }]) =>
      describe(
        `${base}/catalog#service-${id}`,
        ['dcat:DataService'],
        [
          ['dct:title', localised(title)],
          ['dcat:endpointURL', link(base + path)],
          ['dcat:endpointDescription', link(base + describedAt)],
          ['dct:conformsTo', link(conformsTo)],
          ['dct:publisher', link(publisher)],
          ['dcat:contactPoint', link(contact)],
          ['dct:accessRights', link(vocabulary.PUBLIC_ACCESS)],
          ['dcatap:availability', link(vocabulary.AVAILABLE)],
          ['dcatap:applicableLegislation', isHighValue ? link(vocabulary.HVD_REGULATION) : undefined],
          ['foaf:page', link(`${base}/docs`)],
          ['dcat:servesDataset', entries.map(({ dataset }) => link(datasetIri(base, dataset.id)))],
        ],
      ),
    ),
    ...contactQuads(contact, { name, email, url: url ?? (email === undefined ? `${base}/data` : undefined) }),
  ];
};
