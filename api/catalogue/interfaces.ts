import { models } from '../ngsi-ld/models.ts';
import type { PublicDataset } from './public-dataset.ts';

interface Localised {
  readonly de: string;
  readonly en: string;
}

type ServiceId = 'rest' | 'sensorthings' | 'features' | 'ngsi-ld';

/** One way to a dataset's values. */
export interface Interface {
  /** Unique within the dataset. */
  readonly id: string;
  readonly title: Localised;
  readonly description: Localised;
  readonly accessUrl: string;
  /** Where the address gives the data themselves. */
  readonly isDownload: boolean;
  /** Code of the EU vocabulary file-type. */
  readonly fileType: string;
  readonly mediaType: string;
  readonly service?: ServiceId;
}

interface Service {
  readonly title: Localised;
  readonly path: string;
  /** Path of its description. */
  readonly describedAt: string;
  /** The standard that it follows. */
  readonly conformsTo: string;
}

export const services: Readonly<Record<ServiceId, Service>> = {
  rest: {
    title: { de: 'plietsch REST-API', en: 'plietsch REST API' },
    path: '/api/v1',
    describedAt: '/api/v1/openapi.json',
    conformsTo: 'https://spec.openapis.org/oas/v3.1.0',
  },
  sensorthings: {
    title: { de: 'OGC SensorThings API 1.1', en: 'OGC SensorThings API 1.1' },
    path: '/sta/v1.1',
    describedAt: '/sta/v1.1',
    conformsTo: 'http://www.opengis.net/doc/is/sensorthings/1.1',
  },
  features: {
    title: { de: 'OGC API – Features', en: 'OGC API – Features' },
    path: '/ogc/v1',
    describedAt: '/ogc/v1',
    conformsTo: 'http://www.opengis.net/doc/IS/ogcapi-features-1/1.0',
  },
  'ngsi-ld': {
    title: { de: 'NGSI-LD (lesend)', en: 'NGSI-LD (reading)' },
    path: '/ngsi-ld/v1/entities',
    describedAt: '/docs',
    conformsTo: 'https://www.etsi.org/deliver/etsi_gs/CIM/001_099/009/',
  },
};

interface InterfaceOptions {
  /** Address of this hub, without a slash at its end. */
  readonly base: string;
  /** Address of its MQTT broker, where the world reaches it. */
  readonly mqttUrl?: string | undefined;
}

/** Every way to a dataset, in the order in which people look for them. */
export const interfacesOf = (entry: PublicDataset, { base, mqttUrl }: InterfaceOptions): Interface[] => {
  const { id } = entry.dataset;
  const values = `${base}/api/v1/observations?dataset=${id}`;
  return [
    ...filesOf(values),
    {
      id: 'geojson',
      title: { de: 'Neueste Werte als GeoJSON', en: 'Newest values as GeoJSON' },
      description: {
        de: 'Der neueste Wert jeder Datenreihe mit ihrem Ort.',
        en: 'The newest value of each datastream with its place.',
      },
      accessUrl: `${base}/api/v1/latest?dataset=${id}&format=geojson`,
      isDownload: true,
      fileType: 'GEOJSON',
      mediaType: 'application/geo+json',
      service: 'rest',
    },
    ...standardsOf(entry, base),
    ...liveOf(base, { id, mqttUrl }),
  ];
};

/** The values in the formats of GET /api/v1/observations. */
const filesOf = (values: string): Interface[] => {
  const file = (id: string, fileType: string, mediaType: string, [de, en]: readonly [string, string]): Interface => ({
    id,
    title: { de: `Messwerte als ${de}`, en: `Observations as ${en}` },
    description: {
      de: 'Messwerte mit Zeit, Einheit und Qualität; nach Zeit, Ort und Größe zu filtern und zusammenzufassen.',
      en: 'Observations with time, unit and quality; filtered and summed up by time, place and property.',
    },
    accessUrl: id === 'json' ? values : `${values}&format=${id}`,
    isDownload: true,
    fileType,
    mediaType,
    service: 'rest',
  });
  return [
    file('csv', 'CSV', 'text/csv', ['CSV', 'CSV']),
    file('json', 'JSON', 'application/json', ['JSON', 'JSON']),
    // The vocabulary of file types has no entry for Parquet; the media type says it.
    file('parquet', 'OCTET', 'application/vnd.apache.parquet', ['Parquet', 'Parquet']),
  ];
};

type Described = Pick<Interface, 'description' | 'fileType' | 'mediaType'>;

const standard = (id: ServiceId, base: string, more: Described): Interface => {
  const { title, path } = services[id];
  return { id, service: id, title, accessUrl: base + path, isDownload: false, ...more };
};

const standardsOf = ({ streams }: PublicDataset, base: string): Interface[] => [
  standard('sensorthings', base, {
    description: {
      de: 'Orte, Datenreihen und Messwerte nach dem Standard des OGC.',
      en: 'Places, datastreams and observations by the standard of the OGC.',
    },
    fileType: 'REST',
    mediaType: 'application/json',
  }),
  standard('features', base, {
    description: {
      de: 'Messstellen mit neuesten Werten als Kartenebene, etwa für QGIS und Masterportal.',
      en: 'Sites and things with their newest values as a layer, for QGIS and Masterportal for example.',
    },
    fileType: 'REST',
    mediaType: 'application/geo+json',
  }),
  ...ngsiOf(streams, base),
];

/** Of the kinds of things that a Smart Data Model is for. */
const ngsiOf = (streams: PublicDataset['streams'], base: string): Interface[] => {
  const kinds = [...new Set(streams.map(({ thing }) => thing.kind))].sort();
  return kinds.flatMap((kind) => {
    const type = models[kind]?.type;
    if (type === undefined) return [];
    const way = standard('ngsi-ld', base, {
      description: {
        de: `Entitäten des Typs ${type} (Smart Data Models) für Urbane Datenplattformen.`,
        en: `Entities of the type ${type} (Smart Data Models) for urban data platforms.`,
      },
      fileType: 'JSON_LD',
      mediaType: 'application/ld+json',
    });
    const title = { de: `NGSI-LD: ${type}`, en: `NGSI-LD: ${type}` };
    return [{ ...way, id: `ngsi-ld-${type}`, title, accessUrl: `${way.accessUrl}?type=${type}` }];
  });
};

const liveOf = (base: string, { id, mqttUrl }: { id: string; mqttUrl: string | undefined }): Interface[] => [
  {
    id: 'live',
    title: { de: 'Messwerte live (Server-Sent Events)', en: 'Observations live (server-sent events)' },
    description: {
      de: 'Jeder neue Wert, sobald er gespeichert und öffentlich ist.',
      en: 'Every new value as soon as it is stored and public.',
    },
    accessUrl: `${base}/api/v1/live?dataset=${id}`,
    isDownload: false,
    fileType: 'REST',
    mediaType: 'text/event-stream',
    service: 'rest',
  },
  ...(mqttUrl === undefined
    ? []
    : [
        {
          id: 'mqtt',
          title: { de: 'Messwerte live (MQTT)', en: 'Observations live (MQTT)' },
          description: {
            de: 'Themen plietsch/v1/<Gemeinde>/<Messstelle>/<Größe>, nur lesend.',
            en: 'Topics plietsch/v1/<municipality>/<thing>/<property>, for reading only.',
          },
          accessUrl: mqttUrl,
          isDownload: false,
          fileType: 'JSON',
          mediaType: 'application/json',
        },
      ]),
];
