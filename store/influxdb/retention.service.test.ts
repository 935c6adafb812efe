import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Datastream } from '../../model/registry.ts';
import { DAY, HOUR } from '../../model/time.ts';
import { type Influxd, startInfluxd } from '../../test/services/influxd.ts';
import type { Rollup } from '../rollups.ts';
import { BatchWriter } from './batch-writer.ts';
import { InfluxConnection } from './connection.ts';
import { InfluxRollupStore } from './rollups.ts';
import { initInflux } from './setup.ts';

const source = inject('influxd');
const skipped = source.kind === 'none' ? ` (SKIPPED: ${source.reason})` : '';

/** A name long enough that the server's answer, which repeats it twice, is long as well. */
const stream: Datastream = {
  id: `${'slot-'.repeat(40)}.distance`,
  key: 1,
  thing: 'slot-'.repeat(40),
  property: 'distance',
  unit: 'm',
};

const rollup = (hour: number, mean: number): Rollup => ({
  hour,
  n: 1,
  min: mean,
  max: mean,
  mean,
  sum: mean,
  first: mean,
  last: mean,
  coverage: 1,
  flags: { 1: 1, 2: 0, 3: 0, 4: 0, 9: 0 },
});

describe.skipIf(source.kind === 'none')(`a bucket that keeps less${skipped}`, () => {
  let influxd: Influxd;
  let connection: InfluxConnection;
  beforeAll(async () => {
    influxd = await startInfluxd(source);
    const { url, org, adminToken } = influxd;
    const settings = { url, org, bucket: 'short', token: adminToken, timeoutMs: 10_000, gzip: false };
    await initInflux(settings, { adminToken, keepDays: 30 });
    connection = new InfluxConnection(settings);
  });
  afterAll(async () => {
    connection?.close();
    await influxd?.stop();
  });

  it('refuses what is too old within few requests, and stores the rest', async () => {
    const now = Date.now();
    const lines = Array.from({ length: 2_000 }, (_, i) => {
      const time = i % 2 === 0 ? now - 60 * DAY - i : now - i;
      return { text: `distance,datastream=${stream.id},thing=${stream.thing} value=1 ${time}`, of: i };
    });
    const write = vi.spyOn(connection, 'write');
    const refused = await new BatchWriter(connection).write('short', lines);
    expect(write.mock.calls.length).toBeLessThan(4);
    write.mockRestore();
    expect(refused.filter(({ of, isTooOld }) => of % 2 === 0 && isTooOld)).toHaveLength(1_000);
    expect(refused).toHaveLength(1_000);
    const [answer] = await Array.fromAsync(connection.query('SELECT count("value") FROM "distance"'));
    expect(answer?.series.values).toEqual([[0, 1_000]]);
  });

  it('lets go of hourly figures that would be gone at once, but says which others are refused', async () => {
    const { org } = connection.settings;
    const query = new URLSearchParams({ org, name: 'short_derived' }).toString();
    const { buckets } = await connection.call<{ buckets: { id: string }[] }>('GET', `/api/v2/buckets?${query}`);
    const retentionRules = [{ type: 'expire', everySeconds: (30 * DAY) / 1_000 }];
    await connection.call('PATCH', `/api/v2/buckets/${buckets[0]?.id}`, { retentionRules });

    const store = new InfluxRollupStore({ connection, datastreamOf: () => stream });
    const hour = Math.floor(Date.now() / HOUR) * HOUR;
    const replace = (rows: Rollup[]) => store.replace([{ datastream: 1, from: 0, to: hour + HOUR, rows }]);
    const kept = rollup(hour, 2);
    await replace([rollup(hour - 90 * DAY, 1), kept]);
    expect(await store.range(1, 0, hour + HOUR)).toEqual([kept]);

    await connection.write('short_derived', `clash,datastream=a,thing=a mean="text" ${hour}`);
    const clashing = new InfluxRollupStore({ connection, datastreamOf: () => ({ ...stream, property: 'clash' }) });
    const rejected = clashing.replace([{ datastream: 1, from: hour, to: hour + HOUR, rows: [rollup(hour, 1)] }]);
    await expect(rejected).rejects.toMatchObject({ code: 'HUB_STORE_REJECTED' });
  });
});
