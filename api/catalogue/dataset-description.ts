import type { Quad } from 'n3';
import { observedProperties } from '../../model/observed-properties.ts';
import type { Dataset, UseCase } from '../../model/registry.ts';
import type { ApiSettings } from '../api-config.ts';
import type { BoundingBox } from '../bbox.ts';
import { day, describe, link, localised, text, typed } from './description.ts';
import { type DumpFile, distributionsOf } from './distribution.ts';
import type { Extent, PublicDataset } from './public-dataset.ts';
import * as vocabulary from './vocabulary.ts';

export interface DescribeOptions {
  readonly base: string;
  readonly config: Pick<ApiSettings, 'contact' | 'catalogue' | 'publicMqttUrl'>;
  readonly extent: Extent | undefined;
  readonly dumps: readonly DumpFile[];
}

/** IRI of a dataset; it leads to the page that describes it. */
export const datasetIri = (base: string, id: string): string => `${base}/data/${id}`;
export const publisherIri = (base: string, id: string): string => `${base}/catalog#publisher-${id}`;

/** Everything about one dataset: itself, contact, area, period and distributions. */
export const datasetQuads = (entry: PublicDataset, { base, config, extent, dumps }: DescribeOptions): Quad[] => {
  const { dataset, publisher, box, streams } = entry;
  const iri = datasetIri(base, dataset.id);
  const contributor = config.catalogue.contributorId ?? vocabulary.contributorOf(publisher.key);
  const distributions = distributionsOf(entry, dumps, { base, iri, mqttUrl: config.publicMqttUrl });
  const isSynthetic = streams.length > 0 && streams.every(({ thing }) => thing.simulated);
  return [
    ...describe(
      iri,
      ['dcat:Dataset'],
      [
        ['dct:title', localised(dataset.title)],
        ['dct:description', localised(dataset.description)],
        ['dct:identifier', text(iri)],
        ['dct:publisher', link(publisherIri(base, publisher.id))],
        ['dcatde:contributorID', link(contributor)],
        ['dcat:contactPoint', link(`${iri}#contact`)],
        ['dcat:theme', themesOf(entry).map((theme) => link(vocabulary.euTheme(theme)))],
        ['dcat:keyword', keywordsOf(entry)],
        ['dct:spatial', [...areasOf(entry).map(link), box && link(`${iri}#area`)]],
        ['dcatde:politicalGeocodingLevelURI', levelsOf(entry).map(link)],
        ['dct:temporal', extent && link(`${iri}#period`)],
        ['dct:accrualPeriodicity', link(vocabulary.euFrequency(dataset.updateRhythm))],
        ['dct:accessRights', link(vocabulary.PUBLIC_ACCESS)],
        ['dct:language', [link(vocabulary.euLanguage('DEU')), link(vocabulary.euLanguage('ENG'))]],
        ['dct:type', isSynthetic ? link(vocabulary.euDatasetType('SYNTHETIC_DATA')) : undefined],
        ['dct:issued', extent && day(extent.receivedAt)],
        ['dct:modified', extent && day(extent.newest)],
        ['dcatap:availability', link(vocabulary.AVAILABLE)],
        ['dcatap:hvdCategory', dataset.hvdCategory && link(vocabulary.hvdCategory(dataset.hvdCategory))],
        ['dcatap:applicableLegislation', dataset.hvdCategory && link(vocabulary.HVD_REGULATION)],
        ['dcat:landingPage', link(iri)],
        ['foaf:page', link(`${base}/docs`)],
        ['dcat:distribution', distributions.iris.map(link)],
      ],
    ),
    ...contactQuads(`${iri}#contact`, contactOf(entry, { config, page: iri })),
    ...(box ? areaQuads(`${iri}#area`, box) : []),
    ...(extent ? describe(`${iri}#period`, ['dct:PeriodOfTime'], [['dcat:startDate', day(extent.from)]]) : []),
    ...distributions.quads,
  ];
};

interface Contact {
  readonly name: string;
  readonly email?: string | undefined;
  readonly url?: string | undefined;
}

/** Whom to ask: as the dataset says, else who runs the hub, else its publisher by the dataset's page. */
export const contactOf = (
  { dataset, publisher }: Pick<PublicDataset, 'dataset' | 'publisher'>,
  { config, page }: { config: DescribeOptions['config']; page: string },
): Contact => {
  const { name = publisher.name, email, url } = dataset.contact ?? config.contact;
  return { name, email, url: url ?? (email === undefined ? page : undefined) };
};

export const contactQuads = (iri: string, { name, email, url }: Contact): Quad[] =>
  describe(
    iri,
    ['vcard:Organization', 'vcard:Kind'],
    [
      ['vcard:fn', text(name)],
      ['vcard:hasEmail', email === undefined ? undefined : link(`mailto:${email}`)],
      ['vcard:hasURL', url === undefined ? undefined : link(url)],
    ],
  );

const themesByUse: Readonly<Record<UseCase, Dataset['themes'][number]>> = {
  waste: 'ENVI',
  traffic: 'TRAN',
  coast: 'ENVI',
  weather: 'ENVI',
  energy: 'ENER',
  environment: 'ENVI',
  parking: 'TRAN',
  other: 'REGI',
  device: 'TECH',
};

/** As the dataset says; else what its things are for. */
export const themesOf = ({ dataset, streams }: PublicDataset): Dataset['themes'] => {
  if (dataset.themes.length > 0) return dataset.themes;
  const derived = new Set(streams.map(({ useCase }) => themesByUse[useCase]));
  return derived.size > 0 ? [...derived].sort() : ['REGI'];
};

/** What is measured, in both languages, and where. */
const keywordsOf = ({ streams, municipalities }: PublicDataset) => {
  const names = [...new Set(streams.map(({ datastream }) => datastream.property))]
    .sort()
    .flatMap((id) => observedProperties.get(id)?.name ?? []);
  const words = [...names.flatMap(localised), ...municipalities.map(({ name }) => text(name, 'de'))];
  return [...new Map(words.map((word) => [word.id, word])).values()];
};

/** The municipalities whose things it holds; before there are any, its publisher's area. */
const areasOf = ({ municipalities, publisher }: PublicDataset): string[] => {
  const areas = (municipalities.length > 0 ? municipalities : [publisher]).flatMap(
    ({ key }) => vocabulary.areaOf(key) ?? [],
  );
  return [...new Set(areas)];
};

const levelsOf = ({ municipalities, publisher }: PublicDataset): string[] => {
  const keys = (municipalities.length > 0 ? municipalities : [publisher]).map(({ key }) => key);
  return [...new Set(keys.map(vocabulary.geocodingLevel))].sort();
};

/** About 50 m: an area of one place has a size too. */
const LEAST_DEGREES = 0.000_5;

const areaQuads = (iri: string, box: BoundingBox): Quad[] => {
  const padding = (from: number, to: number): number => (to > from ? 0 : LEAST_DEGREES);
  const east = padding(box.west, box.east);
  const north = padding(box.south, box.north);
  const [w, s, e, n] = [box.west - east, box.south - north, box.east + east, box.north + north].map((degrees) =>
    degrees.toFixed(5),
  );
  const polygon = `POLYGON((${w} ${s}, ${e} ${s}, ${e} ${n}, ${w} ${n}, ${w} ${s}))`;
  return describe(iri, ['dct:Location'], [['dcat:bbox', typed(polygon, 'geo:wktLiteral')]]);
};
