import type { Quad } from 'n3';
import { type EpochMs, formatTime } from '../../model/time.ts';
import { day, describe, link, localised, text, typed } from './description.ts';
import { type Interface, interfacesOf } from './interfaces.ts';
import { asksForNaming, attributionOf, licenceTerms } from './licences.ts';
import type { PublicDataset } from './public-dataset.ts';
import * as vocabulary from './vocabulary.ts';

/** A file that was written down for those who want all of a month. */
export interface DumpFile {
  /** Path under this hub's address. */
  readonly path: string;
  /** Calendar month, e.g. 2026-02. */
  readonly month: string;
  readonly format: 'csv' | 'parquet';
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly createdAt: EpochMs;
}

interface DistributionContext {
  readonly base: string;
  /** IRI of the dataset. */
  readonly iri: string;
  readonly mqttUrl?: string | undefined;
}

interface Distributions {
  readonly iris: readonly string[];
  readonly quads: readonly Quad[];
}

/** One dcat:Distribution for each interface and each dump. */
export const distributionsOf = (
  entry: PublicDataset,
  dumps: readonly DumpFile[],
  context: DistributionContext,
): Distributions => {
  const interfaces = interfacesOf(entry, context).map((way) => interfaceQuads(entry, way, context));
  const files = dumps.map((file) => dumpQuads(entry, file, context));
  const all = [...interfaces, ...files];
  return { iris: all.map(({ iri }) => iri), quads: all.flatMap(({ quads }) => quads) };
};

/** What all distributions of a dataset say: DCAT-AP.de wants the licence there, in its own vocabulary. */
const termsOf = ({ dataset, publisher }: PublicDataset) => {
  const source = asksForNaming(dataset) ? text(attributionOf(dataset, publisher.name), 'de') : undefined;
  return [
    ['dct:license', link(licenceTerms[dataset.licence].dcatDe)],
    ['dcatde:licenseAttributionByText', source],
    ['dcatap:availability', link(vocabulary.AVAILABLE)],
    ['dcatap:applicableLegislation', dataset.hvdCategory && link(vocabulary.HVD_REGULATION)],
  ] as const;
};

const interfaceQuads = (entry: PublicDataset, way: Interface, { base, iri: of }: DistributionContext) => {
  const iri = `${of}#${way.id}`;
  const quads = describe(
    iri,
    ['dcat:Distribution'],
    [
      ['dct:title', localised(way.title)],
      ['dct:description', localised(way.description)],
      ['dcat:accessURL', link(way.accessUrl)],
      ['dcat:downloadURL', way.isDownload ? link(way.accessUrl) : undefined],
      ['dct:format', link(vocabulary.euFileType(way.fileType))],
      ['dcat:mediaType', link(vocabulary.ianaMediaType(way.mediaType))],
      ['dcat:accessService', way.service && link(`${base}/catalog#service-${way.service}`)],
      ...termsOf(entry),
    ],
  );
  return { iri, quads };
};

const dumpFormats = {
  csv: { fileType: 'CSV', mediaType: 'text/csv', compression: 'application/gzip', name: 'CSV (gzip)' },
  parquet: {
    fileType: 'OCTET',
    mediaType: 'application/vnd.apache.parquet',
    compression: undefined,
    name: 'Parquet',
  },
} as const;

const dumpQuads = (entry: PublicDataset, file: DumpFile, { base, iri: of }: DistributionContext) => {
  const { fileType, mediaType, compression, name } = dumpFormats[file.format];
  const iri = `${of}#dump-${file.month}-${file.format}`;
  const url = link(base + file.path);
  const quads = [
    ...describe(
      iri,
      ['dcat:Distribution'],
      [
        [
          'dct:title',
          localised({
            de: `Alle Messwerte ${file.month} als ${name}`,
            en: `All observations ${file.month} as ${name}`,
          }),
        ],
        ['dcat:accessURL', url],
        ['dcat:downloadURL', url],
        ['dct:format', link(vocabulary.euFileType(fileType))],
        ['dcat:mediaType', link(vocabulary.ianaMediaType(mediaType))],
        ['dcat:compressFormat', compression && link(vocabulary.ianaMediaType(compression))],
        ['dcat:byteSize', typed(String(file.bytes), 'xsd:nonNegativeInteger')],
        ['spdx:checksum', link(`${iri}-checksum`)],
        ['dct:modified', typed(formatTime(file.createdAt), 'xsd:dateTime')],
        ['dct:issued', day(file.createdAt)],
        ...termsOf(entry),
      ],
    ),
    ...describe(
      `${iri}-checksum`,
      ['spdx:Checksum'],
      [
        ['spdx:algorithm', link(vocabulary.SHA256)],
        ['spdx:checksumValue', typed(file.sha256.toLowerCase(), 'xsd:hexBinary')],
      ],
    ),
  ];
  return { iri, quads };
};
