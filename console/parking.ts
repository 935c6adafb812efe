import { isStale } from './freshness.ts';
import { validValue } from './rows.ts';
import type { Thing } from './things.ts';

export interface PlaceCount {
  readonly id: string;
  readonly name: string;
  readonly isSimulated: boolean;
  readonly free: number;
  /** Bays whose state is known: reported, valid and not out of date. */
  readonly known: number;
}

const isFree = ({ rows: [row] }: Thing, now: number): boolean | undefined => {
  if (row.property !== 'occupied' || isStale(row, now)) return undefined;
  const value = validValue(row);
  return value === undefined ? undefined : value === 0;
};

const collator = new Intl.Collator('de', { numeric: true });

/** Free bays by site; a place none of whose bays is known is left out. */
export const freeByPlace = (things: readonly Thing[], now: number): PlaceCount[] => {
  const places = new Map<string, PlaceCount>();
  for (const thing of things) {
    const free = isFree(thing, now);
    if (free === undefined || !thing.site) continue;
    const { id, name } = thing.site;
    const before = places.get(id) ?? { id, name, isSimulated: thing.isSimulated, free: 0, known: 0 };
    places.set(id, { ...before, free: before.free + Number(free), known: before.known + 1 });
  }
  return [...places.values()].sort((a, b) => collator.compare(a.name, b.name));
};

/** Free bays in all; undefined where the state of none is known. */
export const freeBays = (things: readonly Thing[], now: number): number | undefined => {
  const known = things.flatMap((thing) => isFree(thing, now) ?? []);
  return known.length === 0 ? undefined : known.filter((free) => free).length;
};
