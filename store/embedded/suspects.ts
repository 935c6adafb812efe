import type { Observation } from '../../model/observation.ts';
import type { EpochMs } from '../../model/time.ts';
import type { Series, Suspect, SuspectList } from '../observation-index.ts';
import type { Database } from './database.ts';

/** Suspects in the hub's own database; few at a time, and mostly none. */
export class SqliteSuspects implements SuspectList {
  readonly #database: Database;
  #held: Map<string, Suspect[]> | undefined;
  #earliest: { readonly time: EpochMs | undefined } | undefined;

  constructor(database: Database) {
    this.#database = database;
    database.onRollback(() => {
      this.#held = undefined;
      this.#earliest = undefined;
    });
  }

  get isEmpty(): boolean {
    return this.#inMemory().size === 0;
  }

  at(series: Series, time: EpochMs): readonly Suspect[] {
    const held = this.#inMemory();
    return held.size === 0 ? [] : (held.get(placeOf(series, time)) ?? []);
  }

  upTo(position: number): Suspect[] {
    return [...this.#inMemory().values()].flatMap((list) => list.filter((one) => one.position <= position));
  }

  note(suspects: readonly Suspect[]): void {
    const isNoted = ({ series, time, position }: Suspect): boolean =>
      this.at(series, time).some((known) => known.position === position);
    const fresh = suspects.filter((one) => !isNoted(one));
    if (fresh.length === 0) return;
    const put = this.#database.statement(
      'INSERT OR IGNORE INTO suspect (property, datastream, time, position, before) VALUES (?, ?, ?, ?, ?)',
    );
    this.#database.transaction(() => {
      for (const { series, time, position, before } of fresh) {
        put.run(series.property, series.id, time, position, before ? JSON.stringify(before) : null);
      }
    });
    for (const one of fresh) if (!isNoted(one)) hold(this.#inMemory(), one);
  }

  release(suspects: readonly Suspect[]): void {
    if (suspects.length === 0) return;
    const remove = this.#database.statement('DELETE FROM suspect WHERE datastream = ? AND time = ? AND position = ?');
    this.#database.transaction(() => {
      for (const { series, time, position } of suspects) remove.run(series.id, time, position);
    });
    const held = this.#inMemory();
    for (const { series, time, position } of suspects) {
      const place = placeOf(series, time);
      const left = held.get(place)?.filter((one) => one.position !== position) ?? [];
      if (left.length > 0) held.set(place, left);
      else held.delete(place);
    }
  }

  setEarliest(time: EpochMs | undefined): void {
    this.#database.transaction(() => {
      this.#database.statement('DELETE FROM earliest_sent').run();
      if (time !== undefined) this.#database.statement('INSERT INTO earliest_sent (time) VALUES (?)').run(time);
    });
    this.#earliest = { time };
  }

  earliest(): EpochMs | undefined {
    const row = (): unknown => this.#database.statement('SELECT time FROM earliest_sent').get();
    this.#earliest ??= { time: (row() as { readonly time: EpochMs } | undefined)?.time };
    return this.#earliest.time;
  }

  #inMemory(): Map<string, Suspect[]> {
    if (this.#held) return this.#held;
    const held = new Map<string, Suspect[]>();
    const rows = this.#database.statement('SELECT property, datastream, time, position, before FROM suspect').all();
    for (const row of rows as unknown as SuspectRow[]) {
      hold(held, {
        series: { id: row.datastream, property: row.property },
        time: row.time,
        position: row.position,
        ...(row.before !== null && { before: JSON.parse(row.before) as Observation }),
      });
    }
    this.#held = held;
    return held;
  }
}

interface SuspectRow {
  readonly property: string;
  readonly datastream: string;
  readonly time: number;
  readonly position: number;
  readonly before: string | null;
}

const placeOf = ({ id }: Series, time: EpochMs): string => `${time}|${id}`;

const hold = (held: Map<string, Suspect[]>, suspect: Suspect): void => {
  const place = placeOf(suspect.series, suspect.time);
  const list = held.get(place);
  if (list) list.push(suspect);
  else held.set(place, [suspect]);
};
