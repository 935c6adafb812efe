import { z } from 'zod';
import { type StaEntity, staEntitySchema } from './sensor-things.ts';
import { parseRfc3339 } from './time.ts';

/** Registry entries: one schema each gives type, validation, OpenAPI and the region file's form. */

const slug = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$/,
    'use lower-case letters and digits, hyphens between them, 1 to 80 characters',
  )
  .describe('Readable identifier');
const name = z.string().trim().min(1).max(200);
const localised = z.strictObject({ de: name, en: name });

export const devEuiSchema = z
  .string()
  .regex(/^[0-9a-f]{16}$/, 'a DevEUI is 16 lower-case hexadecimal digits')
  .describe('DevEUI, 16 lower-case hexadecimal digits');

export const instantSchema = z
  .string()
  .refine((text) => parseRfc3339(text) !== undefined, 'write a time as 2026-03-02T07:15:31Z')
  .meta({ format: 'date-time', description: 'RFC 3339 date-time' });

export const parametersSchema = z
  .record(z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{0,59}$/), z.union([z.number(), z.string().max(500), z.boolean()]))
  .describe('Values of a device or its mounting, e.g. emptyDistanceMm');

export const pointSchema = z.strictObject({
  type: z.literal('Point'),
  coordinates: z
    .tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
    .describe('longitude, latitude (WGS 84)'),
});

export const municipalitySchema = z.strictObject({
  id: slug,
  name,
  key: z
    .string()
    .regex(/^\d{2,12}$/, 'the official key (AGS or ARS) has 2 to 12 digits')
    .describe('Amtlicher Gemeindeschlüssel or Regionalschlüssel'),
  parent: slug.optional().describe('The district or Amt it belongs to'),
});

export const siteSchema = z.strictObject({
  id: slug,
  name,
  municipality: slug,
  geometry: pointSchema,
  address: z.string().max(200).optional(),
});

export const useCases = [
  'waste',
  'traffic',
  'coast',
  'weather',
  'energy',
  'environment',
  'parking',
  'other',
  'device',
] as const;
export type UseCase = (typeof useCases)[number];

export const thingKinds = {
  container_slot: 'waste',
  road_cross_section: 'traffic',
  gauge: 'coast',
  weather_station: 'weather',
  meter: 'energy',
  air_station: 'environment',
  parking_bay: 'parking',
  /** What came without LoRaWAN, by way of SensorThings, and says no more of itself. */
  other: 'other',
  /** A device seen as a thing that is itself monitored: battery, joins, link margin. Created by the hub, never public. */
  device: 'device',
} as const satisfies Record<string, UseCase>;
export type ThingKind = keyof typeof thingKinds;

export const thingSchema = z.strictObject({
  id: slug,
  name,
  kind: z.enum(Object.keys(thingKinds) as [ThingKind, ...ThingKind[]]),
  site: slug.optional().describe('Absent only for things of kind device or other'),
  simulated: z.boolean().default(false),
  properties: z.record(z.string().max(60), z.union([z.string().max(500), z.number(), z.boolean()])).default({}),
});

export const deviceSchema = z.strictObject({
  id: devEuiSchema,
  name: name.optional(),
  profile: z
    .string()
    .regex(/^[a-z0-9-]+\/[a-z0-9_-]+$/, 'a profile is written vendor/model')
    .describe('Device profile, vendor/model'),
  parameters: parametersSchema.default({}),
  simulated: z.boolean().default(false),
});

export const deploymentSchema = z.strictObject({
  id: slug,
  device: devEuiSchema,
  thing: slug,
  from: instantSchema,
  to: instantSchema.nullable().default(null),
  parameters: parametersSchema.default({}).describe('Mounting, e.g. emptyDistanceMm, fullDistanceMm, sensorHeightM'),
  channels: z
    .record(z.string().max(80), slug)
    .default({})
    .describe('Channel of the device to channel of the thing; absent channels keep their name'),
});

export const licences = ['dl-de/by-2-0', 'dl-de/zero-2-0', 'CC-BY-4.0', 'CC0-1.0'] as const;

/** Themes of the EU's vocabulary data-theme. */
export const themes = [
  'AGRI',
  'ECON',
  'EDUC',
  'ENER',
  'ENVI',
  'GOVE',
  'HEAL',
  'INTR',
  'JUST',
  'REGI',
  'SOCI',
  'TECH',
  'TRAN',
] as const;

/** Categories of high-value datasets, Implementing Regulation (EU) 2023/138. */
export const hvdCategories = [
  'geospatial',
  'earth-observation-and-environment',
  'meteorological',
  'statistics',
  'companies',
  'mobility',
] as const;

/** How often new values come, after the EU's vocabulary frequency. */
export const updateRhythms = ['continuous', 'hourly', 'daily', 'weekly', 'monthly', 'irregular'] as const;

export const visibilities = ['private', 'delayed', 'open'] as const;

const publication = {
  visibility: z.enum(visibilities).default('private'),
  delayMinutes: z
    .number()
    .int()
    .min(0)
    .max(525_600)
    .default(0)
    .describe('Age at which values of a delayed dataset are seen'),
};

export const datasetSchema = z.strictObject({
  id: slug,
  title: localised,
  description: z.strictObject({ de: z.string().trim().min(1).max(2_000), en: z.string().trim().min(1).max(2_000) }),
  publisher: slug.describe('Municipality that publishes it'),
  contact: z
    .strictObject({
      name,
      email: z.email().optional(),
      url: z.url({ protocol: /^https?$/ }).optional(),
    })
    .optional()
    .describe('Whom to ask about the data'),
  licence: z.enum(licences),
  attribution: z.string().max(300).default(''),
  themes: z.array(z.enum(themes)).default([]).describe('Codes of the EU vocabulary data-theme'),
  hvdCategory: z.enum(hvdCategories).optional().describe('Category of a high-value dataset, (EU) 2023/138'),
  updateRhythm: z.enum(updateRhythms).default('continuous'),
  ...publication,
  /** What a municipality decided for its own things; absent ones follow the dataset. */
  perMunicipality: z
    .record(slug, z.strictObject(publication))
    .default({})
    .describe('Visibility for the things of a municipality, where it differs from that of the dataset'),
  smallestCount: z
    .number()
    .int()
    .min(2)
    .max(1_000)
    .optional()
    .describe('Counts above zero and below this are withheld, so that nobody can be recognised in them'),
  /** A datastream belongs to the dataset when it satisfies every criterion given. */
  members: z.strictObject({
    kinds: z.array(z.enum(Object.keys(thingKinds) as [ThingKind, ...ThingKind[]])).optional(),
    municipalities: z.array(slug).optional(),
    things: z.array(slug).optional(),
    properties: z.array(z.string().max(60)).optional(),
  }),
});

/** Thing × observed property (× channel) with one unit; created by the hub when its first value arrives. */
export const datastreamSchema = z.strictObject({
  id: z.string().max(240).describe('<thing>.<property>[.<channel>]'),
  key: z.number().int().positive().describe('Stable integer of this hub'),
  thing: slug,
  property: z.string().max(60),
  channel: z.string().max(80).optional(),
  unit: z.string().max(20),
});

export const registrySchemas = {
  municipality: municipalitySchema,
  site: siteSchema,
  thing: thingSchema,
  device: deviceSchema,
  deployment: deploymentSchema,
  dataset: datasetSchema,
  datastream: datastreamSchema,
  staEntity: staEntitySchema,
} as const;

export type Municipality = z.infer<typeof municipalitySchema>;
export type Site = z.infer<typeof siteSchema>;
export type Thing = z.infer<typeof thingSchema>;
export type Device = z.infer<typeof deviceSchema>;
export type Deployment = z.infer<typeof deploymentSchema>;
export type Dataset = z.infer<typeof datasetSchema>;
export type Datastream = z.infer<typeof datastreamSchema>;

export interface RegistryEntities {
  municipality: Municipality;
  site: Site;
  thing: Thing;
  device: Device;
  deployment: Deployment;
  dataset: Dataset;
  datastream: Datastream;
  staEntity: StaEntity;
}
export type EntityKind = keyof RegistryEntities;

/** Order in which entries refer to each other: what is referred to comes first. */
export const entityKinds = [
  'municipality',
  'site',
  'thing',
  'device',
  'deployment',
  'dataset',
  'datastream',
  'staEntity',
] as const satisfies EntityKind[];

/** The id of the datastream of a thing's property (and channel). */
export const datastreamId = (thing: string, property: string, channel?: string): string =>
  channel === undefined ? `${thing}.${property}` : `${thing}.${property}.${channel}`;

/** The thing that stands for a device's own health. */
export const deviceThingId = (devEui: string): string => `device-${devEui}`;
