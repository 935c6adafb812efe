import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Observation } from '../../model/observation.ts';
import type { Datastream } from '../../model/registry.ts';
import { type Influxd, startInfluxd } from '../../test/services/influxd.ts';
import type { SqliteObservationIndex } from '../embedded/observation-index.ts';
import { observationsContract } from '../observations.contract.ts';
import { RegistryIndex } from '../registry-index.ts';
import { rollupsContract } from '../rollups.contract.ts';
import { InfluxConnection } from './connection.ts';
import type { InfluxSettings } from './influx-settings.ts';
import { InfluxMirror } from './mirror.ts';
import type { InfluxObservationStore } from './observations.ts';
import { InfluxRollupStore } from './rollups.ts';
import { checkInflux, initInflux } from './setup.ts';
import { connectTo, openStore, observation as slotObservation, T0 } from './testing.ts';

const source = inject('influxd');
const skipped = source.kind === 'none' ? ` (SKIPPED: ${source.reason})` : '';

const datastreams: Datastream[] = Array.from({ length: 10 }, (_, i) => {
  // A name that an injection would like to have.
  const channel = i === 3 ? `it's "3" \\ , = x` : undefined;
  const id = ['slot', 'fill_level', ...(channel === undefined ? [] : [channel])].join('.') + (channel ? '' : i);
  return {
    id,
    key: i,
    thing: `slot-${i}`,
    property: i < 5 ? 'fill_level' : 'distance',
    unit: '%',
    ...(channel && { channel }),
  };
});

describe.skipIf(source.kind === 'none')(`InfluxDB${skipped}`, () => {
  let influxd: Influxd;
  let count = 0;
  const settingsOf = (bucket: string, token: string): InfluxSettings => ({
    url: influxd.url,
    org: influxd.org,
    bucket,
    token,
    timeoutMs: 10_000,
    gzip: false,
  });

  beforeAll(async () => {
    influxd = await startInfluxd(source);
  });
  afterAll(() => influxd?.stop());

  const init = (bucket: string, keepDays: number | null = null) =>
    initInflux(settingsOf(bucket, ''), { adminToken: influxd.adminToken, keepDays });

  const openStores = async () => {
    const connection = await connectTo(influxd, `contract_${++count}`, count % 2 === 0);
    const folder = mkdtempSync(join(tmpdir(), 'plietsch-influx-'));
    const open = () => {
      const { store, ...rest } = openStore({ connection, folder, datastreams: () => datastreams });
      return { ...rest, store: savingAfterEach(store, rest.index) };
    };
    let opened = open();
    return {
      connection,
      store: opened.store,
      index: opened.index,
      rollups: new InfluxRollupStore({ connection, datastreamOf: (key) => datastreams[key] }),
      reopen: async () => {
        opened.database.close();
        opened = open();
        await opened.store.prepare();
        return opened.store;
      },
      close: async () => {
        opened.database.close();
        connection.close();
        rmSync(folder, { recursive: true });
      },
    };
  };

  observationsContract('influxdb', openStores);
  rollupsContract('influxdb', async () => {
    const { rollups, close } = await openStores();
    return { store: rollups, reopen: async () => rollups, close };
  });

  const observation = (changes: Partial<Observation> = {}): Observation =>
    slotObservation({ codec: 'milesight/em400-tld@1', deployment: 'd1', ...changes });

  it('finds what it had stored when its index is gone, and finishes a rewrite that was cut off', async () => {
    const { store, index, reopen, close } = await openStores();
    await store.append([observation(), observation({ phenomenonTime: T0 + 5, value: 7, position: 11 })]);
    index.setNewest(1, undefined);
    index.keep([observation({ phenomenonTime: T0 + 9, value: 9, flag: 4, tests: 1, position: 12 })]);
    index.save();
    const again = await reopen();
    expect((await again.latest([1])).map(({ value, flag }) => [value, flag])).toEqual([[9, 4]]);
    expect(await again.at(1, T0 + 5)).toMatchObject({ value: 7, codec: 'milesight/em400-tld@1' });
    await close();
  });

  it('lets a value change its shape: used, refused, missing', async () => {
    const { store, close } = await openStores();
    const verdict = { datastream: 1, phenomenonTime: T0, position: 10, record: 0 };
    await store.append([observation()]);
    await store.qualify([{ ...verdict, flag: 4, tests: 4 }]);
    expect(await store.at(1, T0)).toMatchObject({ value: 1.5, flag: 4, tests: 4 });
    await store.qualify([{ ...verdict, flag: 1, tests: 0 }]);
    expect(await store.at(1, T0)).toMatchObject({ value: 1.5, flag: 1 });
    await store.append([observation({ position: 11, value: null, flag: 9, tests: 32 })]);
    expect(await store.at(1, T0)).toMatchObject({ value: null, flag: 9 });
    expect((await store.latest([1]))[0]).toMatchObject({ value: null, flag: 9 });
    await close();
  });

  it('asks the server once for what it can answer at once, and lets it leave out flags', async () => {
    const { store, connection, close } = await openStores();
    const values = Array.from({ length: 60 }, (_, i) =>
      observation({ datastream: i % 3, phenomenonTime: T0 + i, flag: i % 4 === 0 ? 4 : 1, position: 10 + i }),
    );
    await store.append(values);
    const query = vi.spyOn(connection, 'query');
    const span = { datastreams: [0, 1, 2], from: T0, to: T0 + 60 };
    const questions = [
      () => store.count(span),
      () => store.count({ ...span, without: [4, 9] }),
      () => Array.fromAsync(store.range({ ...span, limit: 5 }), ({ phenomenonTime }) => phenomenonTime - T0),
      () => Array.fromAsync(store.range({ ...span, limit: 5, without: [4] }), ({ flag }) => flag),
      () => store.block({ parts: [{ datastream: 1, from: T0, to: T0 + 60 }], maxRows: 20 }),
    ];
    const answers: unknown[] = [];
    for (const question of questions) {
      query.mockClear();
      answers.push(await question());
      expect(query).toHaveBeenCalledTimes(1);
    }
    expect(answers.slice(0, 4)).toEqual([[20, 20, 20], [15, 15, 15], [0, 3, 6, 9, 12], Array(5).fill(1)]);
    await close();
  });

  it('keeps the good lines of a batch and names the bad one in the words of the server', async () => {
    const { store, connection, close } = await openStores();
    // The first write of a field decides its type: a text where our numbers are to go.
    await connection.write(
      connection.settings.bucket,
      `distance,datastream=slot.distance7,thing=slot-7 value="text" ${T0}`,
    );
    const batch = [1, 2, 7, 4].map((datastream) => observation({ datastream }));
    const { rejected } = await store.append(batch);
    expect(rejected.map((one) => one.observation.datastream)).toEqual([7]);
    expect(rejected[0]?.reason).toContain('field type conflict');
    expect((await store.latest()).map((one) => one.datastream)).toEqual([1, 2, 4]);
    await close();
  });

  it('is set up once, and twice changes nothing', async () => {
    expect((await init('twice', 90)).lines.join('\n')).toContain('bucket twice: created, kept 90 days');
    expect((await init('twice', 90)).lines.filter((line) => !line.includes('in order'))).toEqual([]);
    expect((await init('twice', 30)).lines.join('\n')).toContain('bucket twice: retention changed, kept 30 days');
  });

  it('sets up any retention, also where the bucket was kept for ever, and lets it be for ever again', async () => {
    await init('short');
    for (const keepDays of [5, 1.1, null, 400, 1.1]) {
      const { lines } = await init('short', keepDays);
      expect(lines[0]).toMatch(/^bucket short: retention changed/);
      const token = await (await init('short', keepDays)).createHubToken();
      expect(await checkInflux(new InfluxConnection(settingsOf('short', token)), keepDays)).toEqual([]);
    }
  });

  it('tells a server that is away from a bucket that is not there, on any port', async () => {
    const settings = { ...settingsOf('kept', 'token'), url: 'http://127.0.0.1:40404', timeoutMs: 500 };
    await expect(checkInflux(new InfluxConnection(settings), null)).rejects.toMatchObject({
      code: 'HUB_STORE_UNAVAILABLE',
    });
  });

  it('marks the end of one device and the begin of the next at the same thing and instant', async () => {
    await init('exchange');
    const connection = new InfluxConnection(settingsOf('exchange', influxd.adminToken));
    const registry = new RegistryIndex();
    const common = { kind: 'deployment', thing: 'slot-1', parameters: {}, channels: {} } as const;
    const exchange = '2026-05-01T00:00:00Z';
    const put = (id: string, device: string, from: string, to: string | null) => {
      const { kind, ...rest } = common;
      return { kind, put: { ...rest, id, device, from, to } };
    };
    registry.apply([
      put('a', '24E124713D000001', '2026-01-01T00:00:00Z', exchange),
      put('b', '24E124713D000002', exchange, null),
    ]);
    const mirror = new InfluxMirror(connection);
    await mirror.deployments(registry);
    await mirror.deployments(registry);
    const rows: unknown[] = [];
    const question = `SELECT "label", "device" FROM "derived"."event" WHERE "kind" = 'deployment'`;
    for await (const { series } of connection.query(question)) rows.push(...series.values);
    expect(rows).toHaveLength(3);
    expect(rows).toContainEqual([Date.parse(exchange), 'end', '24E124713D000001']);
    expect(rows).toContainEqual([Date.parse(exchange), 'begin', '24E124713D000002']);
  });

  it('gives the hub no more rights than it needs, and Grafana fewer', async () => {
    const report = await init('rights');
    const [hub, grafana] = [await report.createHubToken(), await report.createReaderToken()];
    const as = (token: string) => new InfluxConnection(settingsOf('rights', token));
    expect(await checkInflux(as(hub), null)).toEqual([]);
    expect(await as(hub).write('rights', 'm value=1 1')).toBe('stored');
    await expect(as(hub).write('first', 'm value=1 1')).rejects.toMatchObject({ code: 'HUB_STORE_REFUSED' });
    await expect(as(grafana).write('rights', 'm value=1 1')).rejects.toMatchObject({ code: 'HUB_STORE_REFUSED' });
    await expect(as(hub).call('POST', '/api/v2/buckets', { name: 'mine' })).rejects.toThrow();
    const rows = [];
    for await (const { series } of as(grafana).query('SELECT value FROM m')) rows.push(...series.values);
    expect(rows).toEqual([[1, 1]]);
  });

  it('says what is not in order', async () => {
    const report = await init('kept', 10);
    const connection = new InfluxConnection(settingsOf('kept', await report.createHubToken()));
    expect(await checkInflux(connection, 20)).toEqual(['bucket "kept" does not keep 20 days: plietsch influx init']);
    const absent = new InfluxConnection(settingsOf('absent', influxd.adminToken));
    await expect(checkInflux(absent, null)).rejects.toMatchObject({ code: 'HUB_STORE_REFUSED' });
    const stranger = new InfluxConnection(settingsOf('kept', 'not-a-token'));
    await expect(checkInflux(stranger, 10)).rejects.toMatchObject({ code: 'HUB_STORE_REFUSED' });
  });
});

/** In the hub the index is saved with the cursor; here after every change. */
const savingAfterEach = (store: InfluxObservationStore, index: SqliteObservationIndex): InfluxObservationStore =>
  new Proxy(store, {
    get: (target, name) => {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      const bound = member.bind(target) as (...args: unknown[]) => unknown;
      if (!['append', 'replace', 'remove', 'qualify', 'prepare'].includes(String(name))) return bound;
      return async (...args: unknown[]) => {
        const result = await bound(...args);
        index.save();
        return result;
      };
    },
  });
