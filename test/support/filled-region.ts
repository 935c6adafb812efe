import { join } from 'node:path';
import type { Observation } from '../../model/observation.ts';
import { registrySchemas } from '../../model/registry.ts';
import { DAY } from '../../model/time.ts';
import { DATABASE_FILE } from '../../store/embedded/database.ts';
import { openStores } from '../../store/embedded/stores.ts';
import type { RegistryChange } from '../../store/registry.ts';

const PROPERTIES = [
  ['air_temperature', 'Cel'],
  ['relative_humidity', '%'],
  ['battery_level', '%'],
  ['wind_speed', 'm/s'],
] as const;

/** Datastreams whose values are written together. */
const AT_ONCE = 500;

export interface FilledRegion {
  readonly things: number;
  readonly days: number;
  /** Milliseconds between two values of a datastream. */
  readonly everyMs: number;
  /** End of the values, exclusive. */
  readonly to: number;
  /** Values a day of the datastreams below a key, where some are to be denser than others. */
  readonly dense?: { readonly below: number; readonly everyMs: number };
}

/** Writes a database of weather stations with four datastreams each, all published; answers how many values it holds. */
export const fillRegionFile = async (folder: string, region: FilledRegion): Promise<number> => {
  const { things, days, to } = region;
  // A file for a measurement or a test may be lost in a power cut.
  const stores = openStores({
    file: join(folder, DATABASE_FILE),
    timeZone: 'Europe/Berlin',
    synchronous: 'OFF',
    cacheMib: 128,
  });
  await stores.registry.apply(entriesOf(things));
  let count = 0;
  for (let day = days; day > 0; day--) {
    for (let first = 1; first <= things * PROPERTIES.length; first += AT_ONCE) {
      const batch = valuesOf(region, { first, day: to - day * DAY, position: count });
      count += batch.length;
      await stores.observations.append(batch);
    }
  }
  stores.database.close();
  return count;
};

const put = (kind: keyof typeof registrySchemas, entry: unknown): RegistryChange =>
  ({ kind, put: registrySchemas[kind].parse(entry) }) as RegistryChange;

const entriesOf = (things: number): RegistryChange[] => {
  const stations = Array.from({ length: things }, (_, i) => {
    const [id, site] = [`station-${i}`, `site-${i}`];
    const coordinates = [10 + (i % 100) / 100, 54 + Math.floor(i / 100) / 100];
    return [
      put('site', { id: site, name: `Ort ${i}`, municipality: 'laboe', geometry: { type: 'Point', coordinates } }),
      put('thing', { id, name: `Station ${i}`, kind: 'weather_station', site, simulated: true }),
      ...PROPERTIES.map(([property, unit], j) =>
        put('datastream', { id: `${id}.${property}`, key: 1 + i * PROPERTIES.length + j, thing: id, property, unit }),
      ),
    ];
  });
  return [
    put('municipality', { id: 'laboe', name: 'Laboe', key: '01057043' }),
    ...stations.flat(),
    put('dataset', {
      id: 'weather',
      title: { de: 'Wetter', en: 'Weather' },
      description: { de: 'Werte zum Messen', en: 'Values to measure with' },
      publisher: 'laboe',
      licence: 'CC-BY-4.0',
      visibility: 'open',
      members: {},
    }),
  ];
};

const valuesOf = (
  { things, everyMs, dense }: FilledRegion,
  { first, day, position }: { first: number; day: number; position: number },
): Observation[] => {
  const values: Observation[] = [];
  const end = Math.min(first + AT_ONCE, things * PROPERTIES.length + 1);
  for (let datastream = first; datastream < end; datastream++) {
    const step = dense && datastream < dense.below ? dense.everyMs : everyMs;
    for (let time = day; time < day + DAY; time += step) {
      const isSuspect = (time / step) % 97 === 0;
      values.push({
        datastream,
        phenomenonTime: time,
        value: Math.round(Math.sin(time / 1e7 + datastream) * 2_000) / 100,
        flag: isSuspect ? 3 : 1,
        tests: isSuspect ? 4 : 0,
        position: position + values.length + 1,
        record: 0,
        receivedAt: time + 1_000,
        storedAt: time + 2_000,
      });
    }
  }
  return values;
};
