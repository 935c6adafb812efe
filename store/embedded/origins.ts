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
      if (changes === 0) this.#extend(position, made, provenanceOf && provenance);
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

  /** An uplink that was worked out again, or copied one datastream after the other: what it became then and now. */
  #extend(position: number, added: Made, provenance: StoredProvenance | undefined): void {
    const { made: before, ...stored } = this.#row(position);
    const union = new Map(before.map(([time, datastreams]) => [time, new Set(datastreams)]));
    for (const [time, datastreams] of added) {
      union.set(time, new Set([...(union.get(time) ?? []), ...datastreams]));
    }
    const made: Made = [...union].map(([time, datastreams]) => [time, [...datastreams]]);
    const { receivedAt, storedAt, source, otherSources } = provenance
      ? merged(stored, provenance, { all: datastreamsOf(made), added: datastreamsOf(added) })
      : stored;
    this.#database
      .statement(
        'UPDATE origin SET day = ?, made = ?, received_at = ?, stored_at = ?, source = ?, other_sources = ? WHERE position = ?',
      )
      .run(lastDayOf(made), JSON.stringify(made), receivedAt, storedAt, source, otherSources, position);
  }

  #row(position: number): StoredProvenance & { readonly made: Made } {
    const row = this.#database
      .statement('SELECT made, received_at, stored_at, source, other_sources FROM origin WHERE position = ?')
      .get(position);
    if (!row) return { ...NOWHERE_ELSE, made: [] };
    return {
      made: JSON.parse(row.made as string) as Made,
      receivedAt: row.received_at as number | null,
      storedAt: row.stored_at as number | null,
      source: row.source as number | null,
      otherSources: row.other_sources as string | null,
    };
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

const datastreamsOf = (made: Made): Set<number> => new Set(made.flatMap(([, datastreams]) => datastreams));

/** Datastreams that are written say where they come from; what is known of an uplink's other ones stays. */
const merged = (
  stored: StoredProvenance,
  written: StoredProvenance,
  { all, added }: { all: ReadonlySet<number>; added: ReadonlySet<number> },
): StoredProvenance => {
  if (stored.receivedAt === null || all.isSubsetOf(added)) return written;
  const others = sourcesIn(stored);
  const now = sourcesIn(written);
  for (const datastream of added) {
    const source = now[datastream] ?? written.source;
    if (source === null || source === stored.source) delete others[datastream];
    else others[datastream] = source;
  }
  const otherSources = Object.keys(others).length === 0 ? null : JSON.stringify(others);
  return { ...written, source: stored.source, otherSources };
};

const sourcesIn = ({ otherSources }: StoredProvenance): Record<string, number> =>
  otherSources === null ? {} : (JSON.parse(otherSources) as Record<string, number>);

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
