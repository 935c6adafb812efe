import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../model/time.ts';
import { createTestApi, fillRegion, LOCAL_CREDENTIAL, NOW, observationOf, type TestApi } from '../testing.ts';
import { dumpConfigSchema } from './dump-config.ts';
import type { DumpReport } from './dump-maker.ts';
import type { Manifest } from './manifest.ts';

let folder: string;
let api: TestApi;
const open = async () => {
  api = await createTestApi({ wrap: () => ({ dumps: { folder, config: dumpConfigSchema.parse(undefined) } }) });
  await fillRegion(api);
};
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plietsch-dumps-'));
  await open();
});
afterEach(async () => {
  await api.app.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly id: string;
  readonly state: string;
  readonly items: DumpReport[];
  readonly error?: object;
}

const headers = { authorization: `Bearer ${LOCAL_CREDENTIAL}` };
const ask = (payload: object) => api.app.inject({ method: 'POST', url: '/api/v1/dumps', headers, payload });

/** A run at its end. */
const runOf = async (body: object): Promise<Run> => {
  const answer = await ask(body);
  const { id, state } = answer.json<Run>();
  expect([answer.statusCode, state, answer.headers.location]).toEqual([202, 'running', `/api/v1/dumps/${id}`]);
  for (;;) {
    const run = (await api.app.inject({ url: `/api/v1/dumps/${id}`, headers })).json<Run>();
    if (run.state !== 'running') return run;
    await nextTurn();
  }
};

const make = async (body: object = {}): Promise<DumpReport[]> => {
  const run = await runOf(body);
  expect(run).toMatchObject({ state: 'done' });
  return run.items;
};

const get = (url: string, headers: Record<string, string> = {}) => api.app.inject({ url, headers });
const manifests = async (dataset: string): Promise<Manifest[]> =>
  (await get(`/api/v1/datasets/${dataset}/dumps`)).json<{ items: Manifest[] }>().items;
const rowsOf = async (path: string): Promise<string[]> =>
  gunzipSync((await get(path)).rawPayload)
    .toString()
    .split('\r\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .slice(1);
const change = (dataset: string, changes: object) =>
  api.put('dataset', { ...api.registry.require('dataset', dataset), ...changes });

describe('monthly files', () => {
  it('hold what the public sees, in both formats, with their hashes', async () => {
    expect(await make()).toEqual([
      { dataset: 'energy', month: '2026-03', action: 'made', rows: 1 },
      { dataset: 'levels', month: '2026-03', action: 'made', rows: 3 },
    ]);
    const [manifest] = await manifests('levels');
    expect(manifest).toMatchObject({
      dataset: 'levels',
      month: '2026-03',
      from: '2026-02-28T23:00:00.000Z',
      to: '2026-03-31T22:00:00.000Z',
      complete: false,
      rows: 3,
      datastreams: 1,
      excluded: ['fail', 'missing'],
      licence: 'dl-de/by-2-0',
      createdAt: '2026-03-02T12:00:00.000Z',
    });
    for (const { name, bytes, sha256 } of manifest?.files ?? []) {
      const { rawPayload, headers } = await get(`/dumps/levels/${name}`);
      expect(rawPayload).toHaveLength(bytes);
      expect(createHash('sha256').update(rawPayload).digest('hex')).toBe(sha256);
      expect(headers).toMatchObject({ etag: `"${sha256}"`, 'content-length': String(bytes), 'accept-ranges': 'bytes' });
    }
    expect(await rowsOf('/dumps/levels/2026-03.csv.gz')).toEqual([
      'gauge-1.water_level,gauge-1,water_level,,%,2026-03-02T09:59:00.000Z,0.1,1,pass,,false',
      'gauge-1.water_level,gauge-1,water_level,,%,2026-03-02T10:59:00.000Z,0.2,1,pass,,false',
      'gauge-1.water_level,gauge-1,water_level,,%,2026-03-02T11:59:00.000Z,0.3,1,pass,,false',
    ]);
    const { rawPayload } = await get('/dumps/levels/2026-03.parquet');
    const file = new Uint8Array(rawPayload).buffer;
    expect(await parquetReadObjects({ file })).toMatchObject([{ value: 0.1 }, { value: 0.2 }, { value: 0.3 }]);
    // Of the delayed meter only what is old enough.
    expect((await rowsOf('/dumps/energy/2026-03.csv.gz')).map((row) => row.split(',')[6])).toEqual(['1']);
  });

  it('are listed for all, and hold no word of what is private', async () => {
    await make();
    const index = await get('/dumps/');
    expect(index.json<{ datasets: { id: string }[] }>().datasets.map(({ id }) => id)).toEqual(['energy', 'levels']);
    const bodies = [index.body, (await get('/dumps/levels/2026-03.json')).body];
    for (const body of bodies)
      for (const word of ['slot-', 'waste', 'air_temperature', 'madeAt', folder]) expect(body).not.toContain(word);
    expect(readdirSync(folder).sort()).toEqual(['energy', 'levels']);
    // A private dataset and none are told apart by nothing, for operators too.
    for (const headers of [{}, await api.token('operator')]) {
      const of = async (id: string) => {
        const { statusCode, body } = await get(`/dumps/${id}/2026-03.parquet`, headers);
        return `${statusCode} ${body.replaceAll(id, '#')}`;
      };
      expect(await of('waste')).toBe(await of('nothing'));
    }
    expect((await get('/api/v1/datasets/waste/dumps')).statusCode).toBe(404);
    for (const name of ['..%2Flast-run', '2026-03.csv', '2026-13.parquet', '2026-03.parquet.partial']) {
      expect((await get(`/dumps/levels/${name}`)).statusCode, name).toBe(404);
    }
  });

  it('are made anew only where something changed, closed months too', async () => {
    const late = (value: number) =>
      observationOf({
        datastream: api.keys.get('gauge-1.water_level') ?? 0,
        phenomenonTime: Date.UTC(2026, 1, 10),
        value,
        position: value,
      });
    await api.stores.observations.append([late(1)]);
    const actions = async () => (await make({ dataset: 'levels' })).map(({ month, action }) => `${month} ${action}`);
    expect(await actions()).toEqual(['2026-03 made', '2026-02 made']);
    expect(await actions()).toEqual(['2026-03 unchanged', '2026-02 unchanged']);
    expect((await manifests('levels')).map(({ complete }) => complete)).toEqual([false, true]);
    const before = readdirSync(join(folder, 'levels'));
    await api.stores.observations.append([late(2)]);
    expect(await actions()).toEqual(['2026-03 unchanged', '2026-02 made']);
    expect(await rowsOf('/dumps/levels/2026-02.csv.gz')).toEqual([expect.stringContaining(',2,1,pass')]);
    // A verdict of quality changes what is in it, and so does the licence that stands in it.
    await api.stores.observations.qualify([{ ...late(2), flag: 3, tests: 4 }]);
    expect(await actions()).toEqual(['2026-03 unchanged', '2026-02 made']);
    change('levels', { licence: 'CC0-1.0' });
    expect(await actions()).toEqual(['2026-03 made', '2026-02 made']);
    const after = readdirSync(join(folder, 'levels'));
    expect(after).toHaveLength(before.length);
    await api.stores.observations.remove([{ datastream: late(2).datastream, time: late(2).phenomenonTime }]);
    await api.stores.observations.append([
      observationOf({ datastream: late(2).datastream, phenomenonTime: Date.UTC(2026, 0, 10) }),
    ]);
    expect(await actions()).toEqual(['2026-03 unchanged', '2026-02 removed', '2026-01 made']);
  });

  it('are withdrawn at once with what they hold', async () => {
    await make();
    const status = async (path: string) => (await get(path)).statusCode;
    const gone = async (dataset: string) => {
      expect(await status(`/dumps/${dataset}/2026-03.parquet`)).toBe(404);
      expect(await status(`/dumps/${dataset}/2026-03.json`)).toBe(404);
      expect((await get('/dumps/')).body).not.toContain(`"${dataset}"`);
    };
    change('levels', { visibility: 'private' });
    await gone('levels');
    change('levels', { visibility: 'open', perMunicipality: { laboe: { visibility: 'private', delayMinutes: 0 } } });
    await gone('levels');
    change('levels', { perMunicipality: {}, visibility: 'delayed', delayMinutes: 60 });
    await gone('levels');
    // An hour later everything in them is old enough.
    api.time.now = NOW + HOUR;
    expect(await status('/dumps/levels/2026-03.parquet')).toBe(200);
    change('levels', { members: { things: ['gauge-2'] } });
    await gone('levels');
    expect((await make()).filter(({ dataset }) => dataset === 'levels')).toMatchObject([{ action: 'removed' }]);
    change('levels', { visibility: 'private' });
    await make();
    expect(readdirSync(folder)).toEqual(['energy']);
  });

  it('withhold small counts, and are withdrawn when more are to be withheld', async () => {
    api.put('datastream', { id: 'gauge-1.visitors', key: 50, thing: 'gauge-1', property: 'visitors', unit: '{count}' });
    const values = [0, 2, 4, 9].map((value, i) =>
      observationOf({ datastream: 50, value, phenomenonTime: NOW - (9 - i) * MINUTE }),
    );
    await api.stores.observations.append(values);
    change('levels', { members: { properties: ['visitors'] }, smallestCount: 3 });
    await make();
    const cells = async () =>
      (await rowsOf('/dumps/levels/2026-03.csv.gz')).map((row) => row.split(',').slice(6).join());
    expect(await cells()).toEqual(['0,1,pass,,false', ',1,pass,,true', '4,1,pass,,false', '9,1,pass,,false']);
    change('levels', { smallestCount: 5 });
    expect((await get('/dumps/levels/2026-03.parquet')).statusCode).toBe(404);
    await make();
    expect((await cells())[2]).toBe(',1,pass,,true');
    const { rawPayload } = await get('/dumps/levels/2026-03.parquet');
    expect(await parquetReadObjects({ file: new Uint8Array(rawPayload).buffer })).toMatchObject([
      { value: 0, withheld: false },
      { value: null, withheld: true },
      { value: null, withheld: true },
      { value: 9, withheld: false },
    ]);
  });

  it('are revalidated, and resumed where a download broke off', async () => {
    await make();
    const path = '/dumps/levels/2026-03.parquet';
    const { rawPayload: whole, headers } = await get(path);
    const etag = String(headers.etag);
    expect((await get(path, { 'if-none-match': `"x", W/${etag}` })).statusCode).toBe(304);
    const part = await get(path, { range: 'bytes=4-', 'if-range': etag });
    expect([part.statusCode, part.headers['content-range']]).toEqual([
      206,
      `bytes 4-${whole.length - 1}/${whole.length}`,
    ]);
    expect(Buffer.concat([whole.subarray(0, 4), part.rawPayload])).toEqual(whole);
    expect((await get(path, { range: 'bytes=-4' })).rawPayload.toString()).toBe('PAR1');
    // Another file by now: the whole of it.
    expect((await get(path, { range: 'bytes=4-', 'if-range': '"other"' })).statusCode).toBe(200);
    const beyond = await get(path, { range: `bytes=${whole.length}-` });
    expect([beyond.statusCode, beyond.headers['content-range']]).toEqual([416, `bytes */${whole.length}`]);
    const head = await api.app.inject({ method: 'HEAD', url: path });
    expect([head.statusCode, head.headers['content-length'], head.body]).toEqual([200, String(whole.length), '']);
  });

  it('stand again after a restart, without the rubbish of a run that was killed', async () => {
    await make();
    const { rawPayload } = await get('/dumps/levels/2026-03.parquet');
    const inFolder = join(folder, 'levels');
    for (const name of ['2026-03.x-1.csv.gz.partial', '2026-03.x-1.parquet', '2026-03.json.partial']) {
      writeFileSync(join(inFolder, name), 'half');
    }
    await api.app.close();
    await open();
    expect((await get('/dumps/levels/2026-03.parquet')).rawPayload).toEqual(rawPayload);
    await api.measure('gauge-1', 'water_level', [0.4], 0);
    expect((await make({ dataset: 'levels' }))[0]).toMatchObject({ action: 'made' });
    expect(readdirSync(inFolder)).toHaveLength(3);
  });

  it('stay as they were when the disk is full, and leave nothing half-written', async () => {
    await make();
    const before = readdirSync(join(folder, 'levels')).sort();
    const { rawPayload } = await get('/dumps/levels/2026-03.parquet');
    await api.measure('gauge-1', 'water_level', [0.4], 0);
    // Whatever is written there next meets a disk without space.
    for (const [serial, ending] of [
      [5, 'csv.gz'],
      [6, 'parquet'],
    ] as const) {
      const name = `2026-03.${NOW.toString(36)}-${process.pid}-${serial}.${ending}.partial`;
      symlinkSync('/dev/full', join(folder, 'levels', name));
    }
    expect(await runOf({ dataset: 'levels' })).toMatchObject({
      state: 'failed',
      items: [],
      error: { code: 'HUB_DISK_FULL' },
    });
    expect(readdirSync(join(folder, 'levels')).sort()).toEqual(before);
    expect((await get('/dumps/levels/2026-03.parquet')).rawPayload).toEqual(rawPayload);
    expect((await make({ dataset: 'levels' }))[0]).toMatchObject({ action: 'made', rows: 4 });
  });

  it('of a dataset or month are made alone; others stay as they are', async () => {
    expect(await make({ dataset: 'energy' })).toHaveLength(1);
    expect(await manifests('levels')).toEqual([]);
    await api.stores.observations.append([
      observationOf({ datastream: api.keys.get('gauge-1.water_level') ?? 0, phenomenonTime: NOW - 40 * DAY }),
    ]);
    expect((await make({ dataset: 'levels', month: '2026-01' })).map(({ month }) => month)).toEqual(['2026-01']);
    expect((await ask({ dataset: 'waste' })).statusCode).toBe(404);
    const admin = await api.token('admin');
    const { id } = await runOf({ dataset: 'levels' });
    for (const one of [
      { method: 'POST', url: '/api/v1/dumps', payload: {} },
      { method: 'GET', url: `/api/v1/dumps/${id}` },
    ] as const)
      expect((await api.app.inject({ ...one, headers: admin })).statusCode).toBe(403);
    expect((await api.app.inject({ url: '/api/v1/dumps/1', headers })).statusCode).toBe(404);
  });
});
