import { z } from 'zod';
import { observedProperties } from '../model/observed-properties.ts';
import { convert, isUnitCode } from '../model/units.ts';
import { batteryChemistries } from './battery.ts';

const name = z.string().trim().min(1).max(200);
const parameterValue = z.union([z.number(), z.string(), z.boolean()]);

const observed = z.strictObject({
  role: z
    .enum(['observation', 'health'])
    .describe("observation: a quantity of the region; health: the device's own condition"),
  property: z.string().describe('Observed property of model/observed-properties.ts'),
  unit: z.string().describe("UCUM unit in which the codec answers; converted to the property's"),
  channel: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    .optional(),
  codes: z.record(z.string(), z.number()).optional().describe('States as the codec spells them, to numbers'),
});

const configuration = z.strictObject({ role: z.literal('configuration'), description: z.string().min(1) });

const fieldMapping = z.discriminatedUnion('role', [observed, configuration]).superRefine((mapping, context) => {
  if (mapping.role === 'configuration') return;
  const property = observedProperties.get(mapping.property);
  const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if (!property) return fault('property', `no observed property "${mapping.property}"`);
  if ((property.health ?? false) !== (mapping.role === 'health')) {
    fault('role', `${property.id} is ${property.health ? 'health' : 'an observation'}`);
  }
  if (!isUnitCode(mapping.unit)) fault('unit', `no unit "${mapping.unit}" in model/units.ts`);
  else if (convert(0, mapping.unit, property.unit) === undefined) {
    fault('unit', `"${mapping.unit}" does not convert into "${property.unit}" of ${property.id}`);
  }
});

const parameter = z
  .strictObject({
    type: z.enum(['number', 'string', 'boolean']),
    unit: z.string().optional(),
    description: z.string().min(10),
    default: parameterValue.optional(),
  })
  .refine(({ type, default: value }) => value === undefined || typeof value === type, 'the default is of another type');

/** profile.json of a device room: what the model is, which fields its codec answers and what becomes of them. */
export const deviceProfileSchema = z.strictObject({
  id: z
    .string()
    .regex(
      /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+([-_][a-z0-9]+)*$/,
      'write vendor/model in lower case, as the folders are',
    ),
  aliases: z
    .array(z.string().regex(/^[a-z0-9]+([-_][a-z0-9]+)*$/))
    .optional()
    .describe('Other names under which this profile is found'),
  vendor: name,
  model: name,
  name: z.strictObject({ de: name, en: name }),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/)
    .describe('Of codec and mapping; grows when the same bytes would give other values'),
  datasheet: z.url({ protocol: /^https$/ }),
  battery: z
    .strictObject({ chemistry: z.enum(batteryChemistries), cells: z.number().int().min(1).max(12) })
    .optional()
    .describe('Where the device reports volts only and its battery has a voltage that tells its charge'),
  fPorts: z.array(z.number().int().min(0).max(255)).min(1),
  reportingIntervalS: z.number().int().positive().describe('As delivered'),
  stateHorizonS: z.number().int().min(0).describe("How far back a codec's state may reach; 0 without state"),
  maxUplinksPerHour: z.number().int().positive().describe('Above it the device counts as flooding'),
  parameters: z.record(z.string().regex(/^[a-z][a-zA-Z0-9]*$/), parameter),
  fields: z
    .record(z.string().regex(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, 'fields are snake_case'), fieldMapping)
    .refine((fields) => Object.keys(fields).length > 0, 'a device without fields says nothing'),
});

export type FieldMapping = z.infer<typeof fieldMapping>;
export type DeviceProfile = z.infer<typeof deviceProfileSchema>;
