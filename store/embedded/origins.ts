import type { Observation } from '../../model/observation.ts';
import { DAY, type EpochMs } from '../../model/time.ts';
import type { ObservationKey } from '../observation-index.ts';
import type { Database } from './database.ts';

/** As it is stored, JSON: per phenomenon time the datastreams that have a value at it. */
type Made = [time: EpochMs, datastreams: number[]][];

/**
 * Which observations each uplink became: for traces and for replays that must take back what is no longer there. One row
 * an uplink, since an index by position over all observations would cost more than writing them.
 */
export class Origins {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  remember(batch: readonly Observation[]): void {
    const insert = this.#database.statement('INSERT OR IGNORE INTO origin (position, day, made) VALUES (?, ?, ?)');
    for (const [position, made] of madeBy(batch)) {
      const { changes } = insert.run(position, lastDayOf(made), JSON.stringify(made));
      if (changes === 0) this.#extend(position, made);
    }
  }

  /** Keys under which an uplink wrote; another uplink may stand there by now. */
  keysOf(position: number): ObservationKey[] {
    return this.#made(position).flatMap(([time, datastreams]) =>
      datastreams.map((datastream) => ({ datastream, time })),
    );
  }

  /** Forgets the uplinks from the oldest on whose observations all lie before a day. */
  prune(day: number): void {
    const kept = this.#database
      .statement('SELECT position FROM origin WHERE day >= ? ORDER BY position LIMIT 1')
      .get(day);
    const end = kept ? (kept.position as number) : Number.MAX_SAFE_INTEGER;
    this.#database.statement('DELETE FROM origin WHERE position < ?').run(end);
  }

  /** An uplink that was worked out again: what it became then and now. */
  #extend(position: number, added: Made): void {
    const union = new Map(this.#made(position).map(([time, datastreams]) => [time, new Set(datastreams)]));
    for (const [time, datastreams] of added) {
      union.set(time, new Set([...(union.get(time) ?? []), ...datastreams]));
    }
    const made: Made = [...union].map(([time, datastreams]) => [time, [...datastreams]]);
    this.#database
      .statement('UPDATE origin SET day = ?, made = ? WHERE position = ?')
      .run(lastDayOf(made), JSON.stringify(made), position);
  }

  #made(position: number): Made {
    const row = this.#database.statement('SELECT made FROM origin WHERE position = ?').get(position);
    return row ? (JSON.parse(row.made as string) as Made) : [];
  }
}

const lastDayOf = (made: Made): number => Math.floor(Math.max(...made.map(([time]) => time)) / DAY);

/** By uplink in the order of the batch; an uplink's observations stand together in it and mostly share one time. */
const madeBy = (batch: readonly Observation[]): Map<number, Made> => {
  const byPosition = new Map<number, Made>();
  for (const { position, phenomenonTime, datastream } of batch) {
    let made = byPosition.get(position);
    if (!made) {
      made = [];
      byPosition.set(position, made);
    }
    const last = made.at(-1);
    if (last && last[0] === phenomenonTime) last[1].push(datastream);
    else made.push([phenomenonTime, [datastream]]);
  }
  return byPosition;
};
