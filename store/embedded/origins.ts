import type { Observation } from '../../model/observation.ts';
import { DAY, type EpochMs } from '../../model/time.ts';
import type { ObservationKey } from '../observation-index.ts';
import type { Database } from './database.ts';

/** What an uplink's observations have in common; nulls where their own rows say it. */
export interface StoredProvenance {
  readonly receivedAt: EpochMs | null;
  readonly storedAt: EpochMs | null;
  /** Id of codec and deployment. */
  readonly source: number | null;
  /** JSON, datastream to source where it is another one. */
  readonly otherSources: string | null;
}

const NOWHERE_ELSE: StoredProvenance = { receivedAt: null, storedAt: null, source: null, otherSources: null };

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

  /** `provenanceOf` tells what the observations of an uplink, kept elsewhere, do not tell themselves. */
  remember(batch: readonly Observation[], provenanceOf?: (ofUplink: readonly Observation[]) => StoredProvenance): void {
    const insert = this.#database.statement(
      'INSERT OR IGNORE INTO origin (position, day, made, received_at, stored_at, source, other_sources) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    for (const [position, observations] of byUplink(batch)) {
      const made = madeBy(observations);
      const provenance = provenanceOf?.(observations) ?? NOWHERE_ELSE;
      const { receivedAt, storedAt, source, otherSources } = provenance;
      const day = lastDayOf(made);
      const { changes } = insert.run(position, day, JSON.stringify(made), receivedAt, storedAt, source, otherSources);
      if (changes > 0) continue;
      this.#extend(position, made);
      if (provenanceOf) this.#update(position, provenance);
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

  #update(position: number, { receivedAt, storedAt, source, otherSources }: StoredProvenance): void {
    this.#database
      .statement('UPDATE origin SET received_at = ?, stored_at = ?, source = ?, other_sources = ? WHERE position = ?')
      .run(receivedAt, storedAt, source, otherSources, position);
  }

  #made(position: number): Made {
    const row = this.#database.statement('SELECT made FROM origin WHERE position = ?').get(position);
    return row ? (JSON.parse(row.made as string) as Made) : [];
  }
}

const lastDayOf = (made: Made): number => {
  let last = Number.NEGATIVE_INFINITY;
  for (const [time] of made) last = Math.max(last, time);
  return Math.floor(last / DAY);
};

/** In the order of the batch, in which an uplink's observations stand together. */
const byUplink = (batch: readonly Observation[]): Map<number, Observation[]> => {
  const uplinks = new Map<number, Observation[]>();
  let last: Observation[] = [];
  for (const observation of batch) {
    if (observation.position !== last[0]?.position) {
      last = uplinks.get(observation.position) ?? [];
      uplinks.set(observation.position, last);
    }
    last.push(observation);
  }
  return uplinks;
};

/** An uplink's observations mostly share one time. */
const madeBy = (observations: readonly Observation[]): Made => {
  const made: Made = [];
  for (const { phenomenonTime, datastream } of observations) {
    const last = made.at(-1);
    if (last && last[0] === phenomenonTime) last[1].push(datastream);
    else made.push([phenomenonTime, [datastream]]);
  }
  return made;
};
