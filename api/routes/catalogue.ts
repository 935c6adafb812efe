import { z } from 'zod';
import type { DeviceProfile } from '../../devices/catalogue.ts';
import { HubError } from '../../model/errors.ts';
import { type ObservedProperty, observedProperties } from '../../model/observed-properties.ts';
import { units } from '../../model/units.ts';
import { addCollection, passes } from '../collection.ts';
import type { RouteDeps } from '../deps.ts';
import type { ZodApp } from '../zod-app.ts';

const localised = z.object({ de: z.string(), en: z.string() });
const range = z.array(z.number()).length(2);

const propertyResource = z
  .object({
    id: z.string(),
    name: localised,
    unit: z.string().describe('UCUM code'),
    symbol: z.string().describe('The unit as people read it'),
    definition: z.string().describe('URI of the definition'),
    aggregation: z.enum(['mean', 'sum', 'last']),
    health: z.boolean().describe('Health of a device, not a quantity of the region'),
    codes: z.record(z.string(), localised).optional().describe('Meaning of the values of a state'),
    quality: z.object({
      gross: range.describe('Outside is flag 4 (fail)'),
      usual: range.optional().describe('Outside is flag 3 (suspect)'),
      spike: z.object({ suspect: z.number(), fail: z.number() }).optional(),
      ratePerHour: z.number().optional(),
      flatLine: z.object({ tolerance: z.number(), suspectS: z.number(), failS: z.number() }).optional(),
    }),
  })
  .meta({ id: 'ObservedProperty' });

const profileResource = z
  .object({
    id: z.string().describe('vendor/model'),
    vendor: z.string(),
    model: z.string(),
    name: localised,
    version: z.string(),
    datasheet: z.string(),
    fPorts: z.array(z.number().int()),
    reportingIntervalS: z.number(),
    maxUplinksPerHour: z.number(),
    parameters: z.record(
      z.string(),
      z.object({
        type: z.enum(['number', 'string', 'boolean']),
        unit: z.string().optional(),
        description: z.string(),
        default: z.union([z.number(), z.string(), z.boolean()]).optional(),
      }),
    ),
    fields: z.record(
      z.string(),
      z.object({
        role: z.enum(['observation', 'health', 'configuration']),
        property: z.string().optional(),
        unit: z.string().optional(),
        channel: z.string().optional(),
        description: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'DeviceProfile' });

export const addCatalogue = (app: ZodApp, { catalogue }: RouteDeps): void => {
  const properties = [...observedProperties.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  addCollection(app, {
    path: 'observed-properties',
    access: 'public',
    tag: 'catalogue',
    what: 'observed properties: the quantities, their units and limits',
    item: propertyResource,
    filters: { health: z.enum(['true', 'false']).optional() },
    keyOf: ({ id }: ObservedProperty) => id,
    list: (_reader, { health }, after = '') =>
      properties.filter((entry) => entry.id > after && passes(health, String(entry.health ?? false))),
    get: (_reader, id) => observedProperties.get(id) ?? missing('observed property', id),
    present: (entries) =>
      entries.map(({ quality: { gross, usual, ...quality }, codes, ...entry }) => ({
        ...entry,
        symbol: units[entry.unit].symbol,
        health: entry.health ?? false,
        ...(codes && { codes: { ...codes } }),
        quality: { ...quality, gross: [...gross], ...(usual && { usual: [...usual] }) },
      })),
  });

  addCollection(app, {
    path: 'device-profiles',
    access: 'public',
    tag: 'catalogue',
    what: 'device profiles: the device models that this hub can decode (in a path, write vendor-model)',
    item: profileResource,
    filters: { vendor: z.string().optional() },
    keyOf: ({ id }: DeviceProfile) => id,
    list: (_reader, { vendor }, after = '') =>
      // Not once for all: operators bring further ones along.
      catalogue
        .list()
        .map(({ profile }) => profile)
        .filter((profile) => profile.id > after && passes(vendor, profile.vendor)),
    get: (_reader, id) => catalogue.get(id)?.profile ?? missing('device profile', id),
    present: (entries) =>
      entries.map(({ fPorts, parameters, fields, ...profile }) => ({
        ...profile,
        fPorts: [...fPorts],
        parameters: { ...parameters },
        fields: { ...fields },
      })),
  });
};

const missing = (what: string, id: string): never => {
  throw new HubError('HUB_NOT_FOUND', `There is no ${what} "${id}"`);
};
