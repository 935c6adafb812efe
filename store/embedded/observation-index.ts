import { isLater, type Observation } from '../../model/observation.ts';
import { DAY, type EpochMs } from '../../model/time.ts';
import type { ObservationIndex, Provenance } from '../observation-index.ts';
import type { Judged, ObservationKey } from '../observations.ts';
import type { Database } from './database.ts';
import { namedSource, OBSERVATION_COLUMNS, type ObservationRow, observationOf } from './observation-row.ts';
import { Origins, type StoredProvenance } from './origins.ts';
import { Sources } from './sources.ts';
import { SqliteSuspects } from './suspects.ts';

/**
 * The hub's index of observations that are kept elsewhere. The writing side holds the newest ones in memory; a reading
 * side, on a connection of its own, asks the tables.
 */
export class SqliteObservationIndex implements ObservationIndex {
  readonly suspects: SqliteSuspects;
  readonly #database: Database;
  readonly #sources: Sources;
  readonly #origins: Origins;
  #newest: Map<number, Observation> | undefined;
  readonly #changed = new Set<number>();
  #stored: Observation[] = [];

  constructor(database: Database) {
    this.suspects = new SqliteSuspects(database);
    this.#database = database;
    this.#sources = new Sources(database);
    this.#origins = new Origins(database);
  }

  newest(datastreams?: readonly number[]): Observation[] {
    if (!datastreams) {
      const rows = this.#database.statement(`SELECT ${OBSERVATION_COLUMNS} FROM newest ORDER BY datastream`).all();
      return (rows as unknown as ObservationRow[]).map((row) => observationOf(row, this.#sources));
    }
    const one = this.#database.statement(`SELECT ${OBSERVATION_COLUMNS} FROM newest WHERE datastream = ?`);
    return datastreams.flatMap((datastream) => {
      const row = one.get(datastream) as unknown as ObservationRow | undefined;
      return row ? [observationOf(row, this.#sources)] : [];
    });
  }

  newestTime(datastream: number): EpochMs | undefined {
    return this.#inMemory().get(datastream)?.phenomenonTime;
  }

  remember(stored: readonly Observation[]): void {
    const newest = this.#inMemory();
    for (const observation of stored) {
      this.#stored.push(observation);
      const { datastream, phenomenonTime } = observation;
      const known = newest.get(datastream);
      if (
        known &&
        (known.phenomenonTime > phenomenonTime ||
          (known.phenomenonTime === phenomenonTime && isLater(known, observation)))
      )
        continue;
      newest.set(datastream, observation);
      this.#changed.add(datastream);
    }
  }

  setNewest(datastream: number, observation: Observation | undefined): void {
    if (observation) this.#inMemory().set(datastream, observation);
    else this.#inMemory().delete(datastream);
    this.#changed.add(datastream);
  }

  requalify({ datastream, phenomenonTime, position, record, flag, tests }: Judged): void {
    const known = this.#inMemory().get(datastream);
    if (known?.phenomenonTime !== phenomenonTime || known.position !== position || known.record !== record) return;
    this.setNewest(datastream, { ...known, flag, tests });
  }

  keysOf(position: number): ObservationKey[] {
    return this.#origins.keysOf(position);
  }

  provenance(position: number, datastream: number): Provenance | undefined {
    const row = this.#database
      .statement('SELECT received_at, stored_at, source, other_sources FROM origin WHERE position = ?')
      .get(position);
    if (!row || row.received_at === null) return undefined;
    const others =
      row.other_sources === null ? {} : (JSON.parse(row.other_sources as string) as Record<string, number>);
    const source = this.#sources.get(others[datastream] ?? (row.source as number));
    return { receivedAt: row.received_at as number, storedAt: row.stored_at as number, ...namedSource(source) };
  }

  save(): void {
    const stored = this.#stored;
    if (stored.length === 0 && this.#changed.size === 0) return;
    this.#database.transaction(() => {
      this.#origins.remember(stored, (observations) => this.#provenanceOf(observations));
      const put = this.#database.statement(
        `INSERT OR REPLACE INTO newest (${OBSERVATION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      );
      const remove = this.#database.statement('DELETE FROM newest WHERE datastream = ?');
      for (const datastream of this.#changed) {
        const newest = this.#inMemory().get(datastream);
        if (!newest) remove.run(datastream);
        else {
          const { phenomenonTime, value, flag, tests, position, record, receivedAt, storedAt } = newest;
          const source = this.#sourceOf(newest);
          put.run(datastream, phenomenonTime, value, flag, tests, position, record, receivedAt, storedAt, source);
        }
      }
    });
    this.#stored = [];
    this.#changed.clear();
  }

  forget(): void {
    this.#stored = [];
    this.#changed.clear();
    this.#newest = undefined;
  }

  keep(observations: readonly Observation[]): void {
    if (observations.length === 0) return;
    const put = this.#database.statement('INSERT OR REPLACE INTO rewrite (datastream, time, body) VALUES (?, ?, ?)');
    this.#database.transaction(() => {
      for (const one of observations) put.run(one.datastream, one.phenomenonTime, JSON.stringify(one));
    });
  }

  kept(): Observation[] {
    const rows = this.#database.statement('SELECT body FROM rewrite').all();
    return rows.map((row) => JSON.parse(row.body as string) as Observation);
  }

  release(observations: readonly Observation[]): void {
    if (observations.length === 0) return;
    const remove = this.#database.statement('DELETE FROM rewrite WHERE datastream = ? AND time = ?');
    this.#database.transaction(() => {
      for (const { datastream, phenomenonTime } of observations) remove.run(datastream, phenomenonTime);
    });
  }

  prune(before: EpochMs): void {
    this.#origins.prune(Math.floor(before / DAY));
  }

  /** An uplink's observations come at one time from one codec, but what concerns the device itself has no deployment. */
  #provenanceOf(observations: readonly Observation[]): StoredProvenance {
    const [first] = observations as [Observation];
    const source = this.#sourceOf(first);
    let others = '';
    for (const observation of observations) {
      if (observation.deployment === first.deployment && observation.codec === first.codec) continue;
      others += `${others === '' ? '{' : ','}"${observation.datastream}":${this.#sourceOf(observation)}`;
    }
    const { receivedAt, storedAt } = first;
    return { receivedAt, storedAt, source, otherSources: others === '' ? null : `${others}}` };
  }

  #sourceOf({ codec = '', deployment = '' }: Observation): number {
    return this.#sources.id(codec, deployment);
  }

  #inMemory(): Map<number, Observation> {
    this.#newest ??= new Map(this.newest().map((observation) => [observation.datastream, observation]));
    return this.#newest;
  }
}
