import type { Named } from './api.ts';
import { type Row, validValue } from './rows.ts';

/** A thing with its datastreams, the most telling first. */
export interface Thing {
  readonly id: string;
  readonly name: string;
  readonly isSimulated: boolean;
  readonly useCase: string;
  readonly site?: Named;
  readonly municipality?: Named;
  readonly rows: readonly [Row, ...Row[]];
}

/** Use cases in the order in which the page shows them; others follow. */
const useCases: readonly string[] = [
  'waste',
  'coast',
  'traffic',
  'weather',
  'parking',
  'energy',
  'environment',
  'other',
  'device',
];

/** What people look for first; other properties follow by their id. */
const telling: readonly string[] = [
  'fill_level',
  'water_level',
  'vehicle_count',
  'vehicle_speed',
  'occupied',
  'pm2_5',
  'pm10',
  'co2',
  'indoor_temperature',
  'indoor_humidity',
  'air_temperature',
  'wind_speed',
  'wind_gust',
  'wind_direction',
  'precipitation',
  'relative_humidity',
  'air_pressure',
  'solar_radiation',
  'active_power',
  'active_energy',
  'active_energy_exported',
  'thermal_power',
  'heat_energy',
  'flow_temperature',
  'return_temperature',
  'volume',
  'volume_flow',
  'water_leak',
  'threshold_alarm',
];

/** States that somebody should see as soon as they hold. */
const alarms: ReadonlySet<string> = new Set([
  'water_leak',
  'threshold_alarm',
  'freezing',
  'tilt',
  'lamp_failure',
  'tamper',
  'battery_low',
  'sensor_fault',
  'device_error',
  'namur_state',
]);

export const isAlarm = (row: Pick<Row, 'property' | 'value' | 'quality'>): boolean =>
  alarms.has(row.property) && (validValue(row) ?? 0) > 0;

const rankOf = (property: string): number => {
  const rank = telling.indexOf(property);
  return rank < 0 ? telling.length : rank;
};

/** First words of channels that stand for all: directions, phases. */
const wholes: ReadonlySet<string> = new Set(['all', 'total', 'l123', 'abc']);

const isWhole = ({ channel }: Pick<Row, 'channel'>): boolean =>
  channel === undefined || wholes.has(channel.split('-')[0] ?? '');

const collator = new Intl.Collator('de', { numeric: true });

export const byProperty = (a: Pick<Row, 'property'>, b: Pick<Row, 'property'>): number =>
  rankOf(a.property) - rankOf(b.property) || collator.compare(a.property, b.property);

const byImportance = (a: Row, b: Row): number =>
  byProperty(a, b) ||
  // The whole before its parts.
  Number(isWhole(b)) - Number(isWhole(a)) ||
  (a.channel ?? '').split('-').length - (b.channel ?? '').split('-').length ||
  collator.compare(a.channel ?? '', b.channel ?? '');

export const thingsOf = (rows: Iterable<Row>): Thing[] => {
  const byThing = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const list = byThing.get(row.thing.id);
    if (list) list.push(row);
    else byThing.set(row.thing.id, [row]);
  }
  return [...byThing.values()].map((list) => {
    const [{ thing, site, municipality, useCase }] = list;
    return {
      id: thing.id,
      name: thing.name,
      isSimulated: thing.simulated,
      useCase,
      ...(site && { site }),
      ...(municipality && { municipality }),
      rows: list.sort(byImportance),
    };
  });
};

const SHOWN_AT_FIRST = 4;

/**
 * The rows shown before somebody asks for the others: of a property that has a total the total, of others what there is;
 * and whatever raises an alarm or is selected.
 */
export const firstRows = ({ rows }: Thing, selected: string | undefined): readonly Row[] => {
  const totalled = new Set(rows.filter(isWhole).map(({ property }) => property));
  const first = rows.filter((row) => isWhole(row) || !totalled.has(row.property)).slice(0, SHOWN_AT_FIRST);
  return rows.filter((row) => first.includes(row) || isAlarm(row) || row.id === selected);
};

/** By use case, in the page's order. */
export const byUseCase = (things: readonly Thing[]): [string, Thing[]][] => {
  const groups = Map.groupBy(things, ({ useCase }) => useCase);
  const rank = (useCase: string) => {
    const index = useCases.indexOf(useCase);
    return index < 0 ? useCases.length : index;
  };
  return [...groups].sort(([a], [b]) => rank(a) - rank(b));
};
