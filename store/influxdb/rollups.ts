import { HubError } from '../../model/errors.ts';
import type { Datastream } from '../../model/registry.ts';
import { type EpochMs, HOUR } from '../../model/time.ts';
import type { Rollup, RollupReplacement, RollupStore } from '../rollups.ts';
import { BatchWriter } from './batch-writer.ts';
import type { InfluxConnection } from './connection.ts';
import { type DatastreamOf, knownDatastream } from './known-datastream.ts';
import { seriesKey } from './point.ts';
import { during, quotedName, seriesPredicate } from './query-text.ts';
import { derivedBucket } from './setup.ts';

const figures = ['min', 'max', 'mean', 'sum', 'first', 'last'] as const;
/** Counts of values per quality flag, by field. */
const flagFields = { 1: 'pass', 2: 'not_evaluated', 3: 'suspect', 4: 'fail', 9: 'missing' } as const;
const FIELDS = ['n', ...figures, 'coverage', ...Object.values(flagFields)].map(quotedName).join(', ');

interface InfluxRollupDeps {
  readonly connection: InfluxConnection;
  readonly datastreamOf: DatastreamOf;
}

/** Hourly figures in the bucket of derived figures, a measurement per property. */
export class InfluxRollupStore implements RollupStore {
  readonly #deps: InfluxRollupDeps;
  readonly #writer: BatchWriter;
  readonly #bucket: string;

  constructor(deps: InfluxRollupDeps) {
    this.#deps = deps;
    this.#writer = new BatchWriter(deps.connection);
    this.#bucket = derivedBucket(deps.connection.settings.bucket);
  }

  async range(datastream: number, from: EpochMs, to: EpochMs): Promise<Rollup[]> {
    const stream = this.#deps.datastreamOf(datastream);
    if (!stream) return [];
    const statement = [
      `SELECT ${FIELDS} FROM "derived".${quotedName(stream.property)} WHERE "datastream" = $d`,
      `AND ${during(from, to)}`,
    ].join(' ');
    const rollups: Rollup[] = [];
    for await (const { series } of this.#deps.connection.query(statement, { d: stream.id })) {
      for (const row of series.values) {
        rollups.push(rollupOf(new Map(series.columns.map((column, i) => [column, row[i] as number | null]))));
      }
    }
    return rollups;
  }

  async replace(replacements: readonly RollupReplacement[]): Promise<void> {
    await Promise.all(replacements.map((replacement) => this.#makeRoom(replacement)));
    const lines = replacements.flatMap(({ datastream, rows }) => {
      const key = seriesKey(this.#datastream(datastream));
      return rows.map((row) => ({ text: lineOf(key, row), of: row }));
    });
    const all = await this.#writer.write(this.#bucket, lines);
    // A bucket may keep less than the observations: what is too old for it would be gone at once.
    const refused = all.find(({ isTooOld }) => !isTooOld);
    if (refused) throw new HubError('HUB_STORE_REJECTED', `An hourly figure was refused: ${refused.words}`);
  }

  /** Hours that no longer hold observations, and those that have lost their figures, go. */
  async #makeRoom({ datastream, from, to, rows }: RollupReplacement): Promise<void> {
    const now = new Map(rows.map((row) => [row.hour, row]));
    for (const { hour, mean } of await this.range(datastream, from, to)) {
      const row = now.get(hour);
      if (row && (mean === null || row.mean !== null)) continue;
      const predicate = seriesPredicate(this.#datastream(datastream));
      await this.#deps.connection.delete(this.#bucket, { from: hour, to: hour + HOUR - 1, predicate });
    }
  }

  #datastream(key: number): Datastream {
    return knownDatastream(this.#deps.datastreamOf, key);
  }
}

const lineOf = (key: string, row: Rollup): string => {
  const fields = [
    `n=${row.n}i`,
    `coverage=${row.coverage}`,
    ...figures.flatMap((figure) => (row[figure] === null ? [] : [`${figure}=${row[figure]}`])),
    ...Object.entries(flagFields).map(
      ([flag, field]) => `${field}=${row.flags[Number(flag) as keyof typeof flagFields]}i`,
    ),
  ];
  return `${key} ${fields.join(',')} ${row.hour}`;
};

const rollupOf = (row: ReadonlyMap<string, number | null>): Rollup => {
  const figure = (name: string): number | null => row.get(name) ?? null;
  const count = (name: string): number => row.get(name) ?? 0;
  return {
    hour: count('time'),
    n: count('n'),
    min: figure('min'),
    max: figure('max'),
    mean: figure('mean'),
    sum: figure('sum'),
    first: figure('first'),
    last: figure('last'),
    coverage: count('coverage'),
    flags: {
      1: count('pass'),
      2: count('not_evaluated'),
      3: count('suspect'),
      4: count('fail'),
      9: count('missing'),
    },
  };
};
