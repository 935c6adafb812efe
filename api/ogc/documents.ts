import { formatTime } from '../../model/time.ts';
import { boxAround } from '../box-around.ts';
import type { Collection, Feature } from './collections.ts';
import { CRS84, type Crs, crsList, toUtm32, UTM32 } from './crs.ts';

export const GEOJSON = 'application/geo+json';
export const OPENAPI = 'application/vnd.oai.openapi+json;version=3.0';

export interface Link {
  readonly href: string;
  readonly rel: string;
  readonly type?: string;
  readonly title?: string;
}

/** What is claimed: Part 1 (17-069r4) core, GeoJSON, OpenAPI 3.0; Part 2 (18-058r1). No HTML: /data has pages for people. */
const conformsTo: readonly string[] = [
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30',
  'http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs',
];

const json = (href: string, rel: string, title: string): Link => ({ href, rel, type: 'application/json', title });

/** `root` is the absolute address of the service, without a slash at its end. */
export const landingPage = (root: string) => ({
  title: 'plietsch: OGC API Features',
  description: 'Sites and things of the region with their newest values.',
  links: [
    json(root, 'self', 'This document'),
    { href: `${root}/api`, rel: 'service-desc', type: OPENAPI, title: 'Definition of this API' },
    { href: new URL('/docs', root).href, rel: 'service-doc', type: 'text/html', title: 'The APIs of this hub' },
    json(`${root}/conformance`, 'conformance', 'What this API conforms to'),
    json(`${root}/collections`, 'data', 'Collections'),
  ],
});

export const conformanceDocument = () => ({ conformsTo });

export const collectionsDocument = async (root: string, collections: readonly Collection[]) => ({
  links: [json(`${root}/collections`, 'self', 'This document')],
  crs: crsList,
  collections: await Promise.all(collections.map((collection) => collectionDocument(root, collection))),
});

export const collectionDocument = async (root: string, collection: Collection) => {
  const { id, title, description, licences } = collection;
  const self = `${root}/collections/${id}`;
  return {
    id,
    title,
    description,
    itemType: 'feature',
    crs: crsList,
    storageCrs: CRS84,
    extent: extentOf(await collection.features()),
    links: [
      json(self, 'self', 'This document'),
      { href: `${self}/items`, rel: 'items', type: GEOJSON, title },
      { href: `${self}/schema`, rel: 'describedby', type: 'application/schema+json', title: 'Properties and units' },
      ...licences.map((href) => ({ href, rel: 'license', title: 'Licence' })),
    ],
  };
};

/** Absent where there is nothing to span. */
const extentOf = (features: readonly Feature[]) => {
  const box = boxAround(features.flatMap(({ place }) => (place ? [place] : [])));
  if (!box) return undefined;
  const times = features.flatMap(({ time }) => time ?? []);
  const interval =
    times.length === 0 ? undefined : [times.reduce((a, b) => Math.min(a, b)), times.reduce((a, b) => Math.max(a, b))];
  return {
    spatial: { bbox: [[box.west, box.south, box.east, box.north]], crs: CRS84 },
    ...(interval && {
      temporal: {
        interval: [interval.map(formatTime)],
        trs: 'http://www.opengis.net/def/uom/ISO-8601/0/Gregorian',
      },
    }),
  };
};

/** JSON Schema of the features' properties, with titles and units. */
export const schemaDocument = (root: string, { id, title, fields }: Collection) => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: `${root}/collections/${id}/schema`,
  type: 'object',
  title,
  properties: {
    geometry: { format: 'geometry-point', 'x-ogc-role': 'primary-geometry' },
    ...Object.fromEntries(
      fields.map(({ name, type, title: label, format, unit }) => [
        name,
        { type, title: label, ...(format && { format }), ...(unit !== undefined && { 'x-ogc-unit': unit }) },
      ]),
    ),
  },
});

/** GeoJSON (RFC 7946); in another reference system as Part 2 §6.3 has it. */
export const featureDocument = ({ id, place, properties }: Feature, crs: Crs, links?: readonly Link[]) => ({
  type: 'Feature',
  id,
  geometry: place && { type: 'Point', coordinates: crs === UTM32 ? toUtm32(place).map(millimetres) : place },
  properties,
  ...(links && { links }),
});

const millimetres = (metres: number): number => Math.round(metres * 1_000) / 1_000;
