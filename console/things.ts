import type { Named } from './api.ts';
import type { Row } from './rows.ts';

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
  'device',
];

/** What people look for first; other properties follow by their id. */
const telling: readonly string[] = [
  'fill_level',
  'water_level',
  'vehicle_count',
  'vehicle_speed',
  'air_temperature',
  'wind_speed',
  'wind_gust',
  'wind_direction',
  'precipitation',
  'relative_humidity',
  'air_pressure',
  'solar_radiation',
];

const rankOf = (property: string): number => {
  const rank = telling.indexOf(property);
  return rank < 0 ? telling.length : rank;
};

const collator = new Intl.Collator('de', { numeric: true });

const byImportance = (a: Row, b: Row): number =>
  rankOf(a.property) - rankOf(b.property) ||
  collator.compare(a.property, b.property) ||
  // The whole before its parts.
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

/** The rows shown before somebody asks for the others: totals, not their parts; and the one that is selected. */
export const firstRows = ({ rows }: Thing, selected: string | undefined): readonly Row[] => {
  const whole = rows.filter(({ channel }) => channel === undefined || channel.split('-')[0] === 'all');
  const first = (whole.length > 0 ? whole : rows).slice(0, SHOWN_AT_FIRST);
  return rows.filter((row) => first.includes(row) || row.id === selected);
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
