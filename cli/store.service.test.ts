import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Observation } from '../model/observation.ts';
import { type Datastream, datastreamId } from '../model/registry.ts';
import { DAY, HOUR, MINUTE } from '../model/time.ts';
import { DATABASE_FILE } from '../store/embedded/database.ts';
import { openStores } from '../store/embedded/stores.ts';
import { InfluxConnection } from '../store/influxdb/connection.ts';
import { initInflux } from '../store/influxdb/setup.ts';
import { type Influxd, startInfluxd } from '../test/services/influxd.ts';
import { newFolder } from '../test/support/hub-process.ts';

const source = inject('influxd');
const skipped = source.kind === 'none' ? ` (SKIPPED: ${source.reason})` : '';
const root = new URL('..', import.meta.url).pathname;
const T0 = Date.UTC(2026, 4, 1);
const DAYS = 5;

const streams: Datastream[] = ['slot-a', 'slot-b'].map((thing, i) => {
  const property = 'fill_level';
  return { id: datastreamId(thing, property), key: i + 1, thing, property, unit: '%' };
});

/** Five days of two slots, a value every ten minutes, a refused and a missing one among them. */
const values: Observation[] = streams.flatMap(({ key }) =>
  Array.from({ length: (DAYS * DAY) / (10 * MINUTE) }, (_, i): Observation => {
    const phenomenonTime = T0 + i * 10 * MINUTE;
    const base = { datastream: key, phenomenonTime, position: 1 + i, record: 0, codec: 'a/b@1' };
    // Of one uplink, what is measured at a place has a deployment, and what concerns the device has none.
    const placed = key === 1 ? { deployment: 'd' } : {};
    const times = { receivedAt: phenomenonTime + 1, storedAt: phenomenonTime + 2, ...placed };
    if (i % 100 === 7) return { ...base, ...times, value: null, flag: 9, tests: 32 };
    if (i % 100 === 8) return { ...base, ...times, value: 400, flag: 4, tests: 1 };
    return { ...base, ...times, value: (i % 97) + 0.25, flag: 1, tests: 0 };
  }),
);

describe.skipIf(source.kind === 'none')(`plietsch store${skipped}`, () => {
  const data = newFolder('copy');
  let influxd: Influxd;
  let connection: InfluxConnection;
  let environment: Record<string, string>;

  beforeAll(async () => {
    influxd = await startInfluxd(source);
    const settings = {
      url: influxd.url,
      org: influxd.org,
      bucket: 'plietsch',
      token: '',
      timeoutMs: 10_000,
      gzip: false,
    };
    const report = await initInflux(settings, { adminToken: influxd.adminToken, keepDays: null });
    const token = await report.createHubToken();
    connection = new InfluxConnection({ ...settings, token });
    environment = {
      PATH: process.env.PATH ?? '',
      PLIETSCH_DATA: data,
      PLIETSCH_OBSERVATIONS_INFLUXDB_URL: influxd.url,
      PLIETSCH_OBSERVATIONS_INFLUXDB_ORG: influxd.org,
      PLIETSCH_OBSERVATIONS_INFLUXDB_TOKEN: token,
    };
    const stores = openStores({ file: join(data, DATABASE_FILE), timeZone: 'Europe/Berlin' });
    await stores.registry.apply(streams.map((put) => ({ kind: 'datastream', put })));
    await stores.observations.append(values);
    const figures = { n: 6, min: 1, max: 6, mean: 3.5, sum: 21, first: 1, last: 6, coverage: 1 };
    const rows = [{ hour: T0, ...figures, flags: { 1: 6, 2: 0, 3: 0, 4: 0, 9: 0 } }];
    await stores.rollups.replace([{ datastream: 1, from: T0, to: T0 + HOUR, rows }]);
    const span = { derivation: 'emptying', datastream: 1, from: T0, to: T0 + DAY };
    const seen = { label: 'emptying', detail: {}, evidenceTo: T0 + 2 * HOUR };
    const emptying = { kind: 'emptying', thing: 'slot-a', datastream: 1, derivation: 'emptying', time: T0 + HOUR };
    await stores.events.replace({ span, events: [{ ...emptying, ...seen, value: 80 }] });
    stores.database.close();
  });
  afterAll(async () => {
    connection?.close();
    await influxd?.stop();
  });

  const plietsch = (...args: string[]) =>
    promisify(execFile)(process.execPath, [join(root, 'main.ts'), ...args], { env: environment });

  const countInInflux = async (): Promise<number> => {
    for await (const { series } of connection.query('SELECT count("origin") FROM "fill_level"')) {
      return series.values[0]?.[1] as number;
    }
    return 0;
  };

  const copy = async (...args: string[]): Promise<unknown> =>
    JSON.parse((await plietsch('store', 'copy', '--from', 'embedded', '--to', 'influxdb', '--json', ...args)).stdout);
  const notes = join(data, 'copy-embedded-influxdb.json');
  /** As after a run that was killed behind the first datastream's second day. */
  const done = { 'slot-a.fill_level': T0 + 2 * DAY };
  const subject = () => {
    const where = { from: 'embedded', to: 'influxdb', url: influxd.url, bucket: 'plietsch' };
    return { since: 0, ...where, head: 0, cursor: 0, job: null };
  };
  const everything = { datastreams: 2, days: 10, observations: 1440, hours: 1, events: 1 };

  it('copies and compares every day, and goes on where it was cut off', async () => {
    writeFileSync(notes, JSON.stringify({ about: subject(), done }));
    expect(await copy()).toEqual({ ...everything, days: 8, observations: 1152 });
    expect(existsSync(notes)).toBe(false);
    const whole = await plietsch('store', 'copy', '--from', 'embedded', '--to', 'influxdb');
    expect(whole.stdout).toContain('1440 observations of 2 datastreams copied, 10 days compared');
    expect(await countInInflux()).toBe(values.length);
    const events: unknown[] = [];
    const question = 'SELECT "value" FROM "derived"."event" WHERE "kind" = $kind';
    for await (const { series } of connection.query(question, { kind: 'emptying' })) events.push(...series.values);
    expect(events).toEqual([[T0 + HOUR, 80]]);
  });

  it.each([{ since: T0 }, { bucket: 'other' }, { url: 'http://127.0.0.1:1' }, { head: 7 }])(
    'does not go by the notes of another copy: %j',
    async (changed) => {
      writeFileSync(notes, JSON.stringify({ about: { ...subject(), ...changed }, done }));
      expect(await copy()).toEqual(everything);
    },
  );

  it('comes back with nothing changed', async () => {
    const stores = openStores({ file: join(data, DATABASE_FILE), timeZone: 'Europe/Berlin' });
    for (const { key } of streams) await stores.observations.replace(key, 0, T0 + 99 * DAY, []);
    stores.database.close();
    await plietsch('store', 'copy', '--from', 'influxdb', '--to', 'embedded');
    const again = openStores({ file: join(data, DATABASE_FILE), timeZone: 'Europe/Berlin' });
    const held = await Array.fromAsync(again.observations.range({ datastreams: [1, 2], from: 0, to: T0 + 99 * DAY }));
    again.database.close();
    expect(held).toEqual(values);
  });

  it('makes no token at the server that it cannot write down', async () => {
    const admin = join(data, 'admin-token');
    writeFileSync(admin, influxd.adminToken);
    const asAdmin = new InfluxConnection({ ...connection.settings, token: influxd.adminToken });
    const count = async (): Promise<number> =>
      (await asAdmin.call<{ authorizations: unknown[] }>('GET', '/api/v2/authorizations')).authorizations.length;
    const before = await count();
    const init = (file: string) =>
      plietsch('influx', 'init', '--admin-token-file', admin, '--hub-token-file', join(data, file));
    await expect(init('absent/token')).rejects.toMatchObject({ stderr: expect.stringContaining('absent/token') });
    expect(await count()).toBe(before);
    await init('hub-token');
    expect(await count()).toBe(before + 1);
    const token = readFileSync(join(data, 'hub-token'), 'utf8').trim();
    const asHub = new InfluxConnection({ ...connection.settings, token });
    expect(await asHub.write('plietsch', 'm value=1 1')).toBe('stored');
    expect(statSync(join(data, 'hub-token')).mode & 0o777).toBe(0o600);
    asHub.close();
    asAdmin.close();
  });

  it('wants two stores, a time, and a hub that does not run', async () => {
    const failed = (...args: string[]) =>
      plietsch('store', 'copy', ...args).then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(await failed('--from', 'embedded', '--to', 'embedded')).toMatchObject({ code: 2 });
    expect(await failed('--from', 'embedded', '--to', 'influxdb', '--since', 'May')).toMatchObject({ code: 2 });
  });
});
