import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import type { Observation } from '../../model/observation.ts';
import type { Datastream } from '../../model/registry.ts';
import { DAY } from '../../model/time.ts';
import { type Influxd, startInfluxd } from '../../test/services/influxd.ts';
import type { Database } from '../embedded/database.ts';
import type { SqliteObservationIndex } from '../embedded/observation-index.ts';
import type { InfluxConnection } from './connection.ts';
import type { InfluxObservationStore } from './observations.ts';
import { connectTo, observation, openStore, slots, T0 } from './testing.ts';

const source = inject('influxd');
const skipped = source.kind === 'none' ? ` (SKIPPED: ${source.reason})` : '';
const away = { code: 'HUB_STORE_UNAVAILABLE' };

describe.skipIf(source.kind === 'none')(`what a lost answer leaves in InfluxDB${skipped}`, () => {
  let influxd: Influxd;
  let folder: string;
  let database: Database;
  let index: SqliteObservationIndex;
  let connection: InfluxConnection;
  let store: InfluxObservationStore;
  let known: Datastream[];
  let bucket = '';
  let count = 0;
  /** What becomes of the next writes. */
  let fate: 'pass' | 'lost' | 'refused' = 'pass';
  let cursor = 0;
  const changed: unknown[] = [];

  beforeAll(async () => {
    influxd = await startInfluxd(source);
  });
  afterAll(async () => {
    database?.close();
    connection?.close();
    await influxd?.stop();
    rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    database?.close();
    connection?.close();
    bucket = `doubts${++count}`;
    connection = await connectTo(influxd, bucket);
    const write = connection.write.bind(connection);
    connection.write = async (...args) => {
      if (fate === 'refused') {
        throw new HubError('HUB_STORE_UNAVAILABLE', 'no connection', { cause: { code: 'ECONNREFUSED' } });
      }
      const answer = await write(...args);
      if (fate === 'lost') throw new HubError('HUB_STORE_UNAVAILABLE', 'no answer within 1 ms');
      return answer;
    };
    if (folder) rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'plietsch-doubts-'));
    known = [...slots];
    cursor = 0;
    fate = 'pass';
    changed.length = 0;
    open();
  });

  const open = (): void => {
    const projected = {
      cursor: async () => cursor,
      waiting: async () => ({ after: cursor, to: 1000, since: T0 }),
      changed: async (places: readonly unknown[]) => void changed.push(...places),
    };
    ({ database, index, store } = openStore({ connection, folder, datastreams: () => known, projected }));
  };
  /** As a commit of the hub. */
  const commit = async (batch: readonly Observation[], to = cursor): Promise<void> => {
    try {
      await store.append(batch);
      store.save();
      cursor = to;
    } catch (thrown) {
      store.forget();
      throw thrown;
    }
    await store.settle();
  };
  const lose = async (batch: readonly Observation[]): Promise<void> => {
    fate = 'lost';
    await expect(commit(batch)).rejects.toMatchObject(away);
    fate = 'pass';
  };
  const restart = async (): Promise<void> => {
    database.close();
    open();
    await store.prepare();
  };
  const fields = async (): Promise<unknown[]> => {
    const rows: unknown[] = [];
    const statement = 'SELECT "value", "failed" FROM "distance" GROUP BY "datastream"';
    for await (const { series } of connection.query(statement)) {
      rows.push(...series.values.map((row) => [series.tags?.datastream, ...row]));
    }
    return rows;
  };
  const noted = () => index.suspects.upTo(Number.MAX_SAFE_INTEGER);

  it('takes away what the next try puts elsewhere, and leaves what it wrote again', async () => {
    await lose([observation(), observation({ phenomenonTime: T0 + 1, position: 11 })]);
    expect(noted()).toHaveLength(2);
    await commit([observation({ datastream: 2 }), observation({ phenomenonTime: T0 + 1, position: 11 })], 11);
    expect(await fields()).toEqual([
      ['slot-1.distance', T0 + 1, 1.5, null],
      ['slot-2.distance', T0, 1.5, null],
    ]);
    expect(noted()).toEqual([]);
    expect(changed).toEqual([{ datastream: 1, phenomenonTime: T0 }]);
  });

  it('waits with what a later batch may write again', async () => {
    await lose([observation(), observation({ phenomenonTime: T0 + 1, position: 11 })]);
    await commit([observation({ datastream: 2 })], 10);
    expect(noted()).toMatchObject([{ position: 11 }]);
    expect(await fields()).toHaveLength(2);
    await commit([], 11);
    expect(await fields()).toEqual([['slot-2.distance', T0, 1.5, null]]);
  });

  it("knows a datastream that the lost try was to make by its name, for its key is another one's now", async () => {
    const [first, second] = slots as [Datastream, Datastream];
    known = [first];
    await lose([observation()]);
    known = [{ ...second, key: 1 }];
    await restart();
    await commit([observation()], 10);
    expect(await fields()).toEqual([['slot-2.distance', T0, 1.5, null]]);
  });

  it.each(['told', 'killed'])('writes a value of another flag without the former field, %s', async (how) => {
    await lose([observation()]);
    if (how === 'killed') {
      database.exec('DELETE FROM suspect');
      await restart();
      expect(noted()).toHaveLength(1);
    }
    await commit([observation({ flag: 4, tests: 4 })], 10);
    expect(await fields()).toEqual([['slot-1.distance', T0, null, 1.5]]);
    expect(noted()).toEqual([]);
  });

  it.each(['told', 'killed'])('brings back what the lost try had replaced, %s', async (how) => {
    await commit([observation({ value: 1, position: 5 })], 5);
    await lose([observation({ value: 2 })]);
    await lose([observation({ value: 3 })]);
    if (how === 'killed') await restart();
    await commit([], 10);
    expect(await fields()).toEqual([['slot-1.distance', T0, 1, null]]);
    expect(await store.latest([1])).toMatchObject([{ position: 5, value: 1 }]);
    expect(noted()).toEqual([]);
  });

  it('does so for replays too, whose uplinks lie before the cursor, though the hub is killed', async () => {
    await commit([observation({ value: 1 })], 20);
    // Before the request: a hub that is killed notes nothing after it.
    const write = connection.write.bind(connection);
    connection.write = async () => new Promise(() => undefined);
    void store.append([observation({ value: 2 }), observation({ datastream: 2, position: 11 })]);
    await expect.poll(() => noted().length).toBe(2);
    connection.write = write;
    await connection.write(
      bucket,
      `distance,datastream=slot-2.distance,thing=slot-2 value=9,origin=${11 * 2 ** 18}i ${T0}`,
    );
    await restart();
    expect(await fields()).toEqual([['slot-1.distance', T0, 1, null]]);
    expect(await store.latest()).toMatchObject([{ datastream: 1, value: 1 }]);
  });

  it('gives way to an uplink of a lower position that comes to stand where the lost try wrote', async () => {
    await lose([observation({ value: 2 })]);
    await commit([observation({ value: 1, position: 9 })], 10);
    expect(await fields()).toEqual([['slot-1.distance', T0, 1, null]]);
  });

  it('notes nothing of a request that was never sent', async () => {
    fate = 'refused';
    await expect(commit([observation()])).rejects.toMatchObject(away);
    expect(noted()).toEqual([]);
  });

  it('finds what a killed hub sent of the distant past', async () => {
    await lose([observation({ phenomenonTime: T0 - 400 * DAY })]);
    database.exec('DELETE FROM suspect');
    await restart();
    await commit([observation({ datastream: 2 })], 10);
    expect(await fields()).toEqual([['slot-2.distance', T0, 1.5, null]]);
  });

  it('also takes a batch back that the hub could not note', async () => {
    await store.append([observation()]);
    store.forget();
    await commit([observation({ datastream: 2 })], 10);
    expect(await fields()).toEqual([['slot-2.distance', T0, 1.5, null]]);
  });

  it('looks what is there where even the suspicion cannot be noted', async () => {
    const note = index.suspects.note.bind(index.suspects);
    index.suspects.note = (list) => {
      if (list.length > 0) throw new HubError('HUB_DISK_FULL');
    };
    await lose([observation()]);
    index.suspects.note = note;
    await store.recover();
    await commit([observation({ datastream: 2 })], 10);
    expect(await fields()).toEqual([['slot-2.distance', T0, 1.5, null]]);
  });

  it('does it after a later commit where the server is away for it', async () => {
    await lose([observation()]);
    const query = connection.query.bind(connection);
    connection.query = () => {
      throw new HubError('HUB_STORE_UNAVAILABLE', 'away');
    };
    await commit([], 10);
    connection.query = query;
    expect(await fields()).toHaveLength(1);
    await commit([], 11);
    expect(await fields()).toEqual([]);
  });
});
