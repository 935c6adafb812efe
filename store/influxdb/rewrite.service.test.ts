import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import { type Influxd, startInfluxd } from '../../test/services/influxd.ts';
import type { Database } from '../embedded/database.ts';
import type { SqliteObservationIndex } from '../embedded/observation-index.ts';
import type { InfluxConnection } from './connection.ts';
import type { InfluxObservationStore } from './observations.ts';
import { connectTo, observation, openStore, slots, T0 } from './testing.ts';

const source = inject('influxd');
const skipped = source.kind === 'none' ? ` (SKIPPED: ${source.reason})` : '';

/** A point whose shape changes is removed before it is written anew: whatever happens in between, it must not be lost. */
describe.skipIf(source.kind === 'none')(`rewriting a point of InfluxDB${skipped}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'plietsch-rewrite-'));
  let influxd: Influxd;
  let database: Database;
  let index: SqliteObservationIndex;
  let connection: InfluxConnection;
  let store: InfluxObservationStore;
  let failing = false;

  beforeAll(async () => {
    influxd = await startInfluxd(source);
    connection = await connectTo(influxd, 'rewrite');
    const write = connection.write.bind(connection);
    connection.write = async (...args) => {
      if (failing) throw new HubError('HUB_STORE_UNAVAILABLE', 'away');
      return write(...args);
    };
    ({ database, index, store } = openStore({ connection, folder, datastreams: () => slots }));
  });
  afterAll(async () => {
    database?.close();
    connection?.close();
    await influxd?.stop();
    rmSync(folder, { recursive: true });
  });

  it('brings it back when the server was away between both, whatever is rewritten first afterwards', async () => {
    const verdict = { datastream: 1, phenomenonTime: T0, position: 10, record: 0, flag: 4, tests: 4 } as const;
    await store.append([observation(), observation({ datastream: 2 })]);
    failing = true;
    await expect(store.qualify([verdict])).rejects.toMatchObject({ code: 'HUB_STORE_UNAVAILABLE' });
    expect(await store.at(1, T0)).toBeUndefined();
    failing = false;
    await store.qualify([{ ...verdict, datastream: 2 }]);
    await store.replace(2, T0, T0 + 1, []);
    await store.recover();
    expect(await store.at(1, T0)).toMatchObject({ value: 1.5, flag: 4, tests: 4 });
    expect(index.kept()).toEqual([]);
  });

  it('puts nothing in the place of a later value', async () => {
    index.keep([observation({ phenomenonTime: T0 + 1, value: 3, position: 3 })]);
    await store.append([observation({ phenomenonTime: T0 + 1, value: 20, position: 20 })]);
    await store.recover();
    expect((await store.at(1, T0 + 1))?.value).toBe(20);
  });

  it('knows the newest values without asking for all of the past', async () => {
    await store.append([observation({ phenomenonTime: T0 + 7, value: 7, position: 21 })]);
    index.save();
    // As a batch that was written and not noted.
    await connection.write(
      'rewrite',
      `distance,datastream=slot-1.distance,thing=slot-1 value=9,origin=999999999i ${T0 + 9}`,
    );
    await store.prepare();
    expect((await store.latest([1]))[0]).toMatchObject({ phenomenonTime: T0 + 9, value: 9 });
  });

  it('takes thousands of values away by few requests, and leaves what stands between them as it is', async () => {
    const begin = T0 + 60_000;
    const all = Array.from({ length: 3_000 }, (_, i) =>
      observation({
        phenomenonTime: begin + i * 1000,
        value: i,
        position: 100 + i,
        flag: i % 5 === 0 ? 4 : 1,
        tests: i % 8,
      }),
    );
    await store.append([...all, observation({ datastream: 2, phenomenonTime: begin + 1000, position: 100 })]);
    index.save();
    const isGone = (_: unknown, i: number) => i % 3 === 1 || (i > 1_000 && i < 1_500) || i > 2_990;
    const held = async (datastream: number) =>
      Array.fromAsync(store.range({ datastreams: [datastream], from: begin, to: begin + 3_000_000 }));
    const left = (await held(1)).filter((one, i) => !isGone(one, i));
    let requests = 0;
    const removal = connection.delete.bind(connection);
    connection.delete = (...args) => {
      requests++;
      return removal(...args);
    };
    const keys = all.filter(isGone).map(({ datastream, phenomenonTime: time }) => ({ datastream, time }));
    await store.remove(keys);
    await store.remove(keys);
    index.save();
    connection.delete = removal;
    expect(requests).toBeLessThan(5);
    expect(await held(1)).toEqual(left);
    expect(await held(2)).toHaveLength(1);
    expect((await store.latest([1]))[0]?.phenomenonTime).toBe(left.at(-1)?.phenomenonTime);
    expect(index.kept()).toEqual([]);
  });

  it('brings back what stood between them when the server goes away in between', async () => {
    const begin = T0 + 4 * 3_600_000;
    const all = Array.from({ length: 9 }, (_, i) =>
      observation({ phenomenonTime: begin + i * 1000, position: 5_000 + i }),
    );
    await store.append(all);
    const keys = all
      .filter((_, i) => i % 2 === 0)
      .map(({ datastream, phenomenonTime: time }) => ({ datastream, time }));
    failing = true;
    await expect(store.remove(keys)).rejects.toMatchObject({ code: 'HUB_STORE_UNAVAILABLE' });
    failing = false;
    await store.recover();
    await store.remove(keys);
    const span = { datastreams: [1], from: begin, to: begin + 9_000 };
    const times = (await Array.fromAsync(store.range(span))).map(({ phenomenonTime }) => phenomenonTime - begin);
    expect(times).toEqual([1000, 3000, 5000, 7000]);
  });
});
