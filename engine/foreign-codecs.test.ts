import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeviceProfile } from '../devices/catalogue.ts';
import type { Job } from '../model/ports.ts';
import { openStores } from '../store/embedded/stores.ts';
import { devEuiOf, topicOf, uplinkBody } from '../test/support/chirpstack-uplink.ts';
import { probeCodec } from '../test/support/foreign-codec.ts';
import { Engine } from './client.ts';

const T0 = Date.UTC(2026, 2, 2, 7);
const DEVICE = devEuiOf(1);
const PROFILE = 'custom/probe-7';
const by = 'anna';

describe('foreign codecs', () => {
  let folder: string;
  let engine: Engine;
  let profiles: Map<string, DeviceProfile>;
  let states: Map<string, string>;

  const start = async () => {
    profiles = new Map();
    states = new Map();
    engine = new Engine({
      settings: {
        file: join(folder, 'hub.db'),
        timeZone: 'Europe/Berlin',
        synchronous: 'OFF',
        networks: [{ id: 'north', kind: 'chirpstack-v4' }],
        maxBodyBytes: 65_536,
        journalKeepDays: null,
        observationsKeepDays: null,
      },
      maxWaiting: 100,
      clock: () => T0,
      onStored: () => undefined,
      onProfiles: (some) => {
        for (const profile of some) profiles.set(profile.id, profile);
      },
      onStats: (stats) => {
        for (const { part, detail } of stats.states) states.set(part, detail);
      },
      onFailure: (error) => {
        throw error;
      },
    });
    await engine.start();
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plietsch-codecs-'));
    await start();
  });
  afterEach(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true });
  });

  const put = (upload: unknown = probeCodec(), dryRun = false) => engine.codecs.put(upload, { by, dryRun });
  const send = (fCnt: number, distanceMm = 1000) => {
    const body = uplinkBody({ devEui: DEVICE, fCnt, time: T0 + fCnt * 60_000, distanceMm });
    return engine.intake.receive('north', topicOf(DEVICE), body);
  };
  const register = () => {
    const geometry = { type: 'Point', coordinates: [10, 54] };
    const entities = [
      { kind: 'municipality', put: { id: 'm', name: 'M', key: '01057001' } },
      { kind: 'site', put: { id: 's', name: 'S', municipality: 'm', geometry } },
      { kind: 'thing', put: { id: 'slot-a', name: 'A', kind: 'container_slot', site: 's' } },
      { kind: 'device', put: { id: DEVICE, profile: PROFILE } },
      { kind: 'deployment', put: { id: 'd', device: DEVICE, thing: 'slot-a', from: '2026-01-01T00:00:00Z' } },
    ];
    return engine.commands.applyEntities(entities, { dryRun: false });
  };
  /** Distances as they are stored, with the codec that made them, oldest first. */
  const distances = async () => {
    const datastream = [...engine.registry.list('datastream')].find(({ id }) => id === 'slot-a.distance');
    if (!datastream) return [];
    const found: string[] = [];
    const query = { datastreams: [datastream.key], from: 0, to: T0 * 2, order: 'ascending' } as const;
    for await (const { value, codec } of engine.observations.range(query)) found.push(`${value} ${codec}`);
    return found;
  };
  const stored = (expected: readonly string[]) =>
    vi.waitFor(async () => expect(await distances()).toEqual(expected), { timeout: 5_000 });
  const ended = (job: Job) =>
    vi.waitFor(
      async () => {
        const now = await engine.commands.job(job.id);
        expect(['done', 'failed', 'cancelled']).toContain(now?.state);
        return now as Job;
      },
      { timeout: 5_000 },
    );
  const activate = (version: number, dryRun: boolean) =>
    engine.codecs.activate(PROFILE, version, { by, dryRun, since: 0 });

  it('decode the devices of their profile; another version shows its difference and then replays', async () => {
    expect(await put()).toEqual({ profile: PROFILE, version: 1, vectors: 1, active: true });
    expect(profiles.get(PROFILE)?.version).toBe('1.0.0+1');
    await register();
    await send(1, 1000);
    await send(2, 1500);
    await stored([`1000 ${PROFILE}@1.0.0+1`, `1500 ${PROFILE}@1.0.0+1`]);

    expect(await put(probeCodec({ scale: 2 }))).toMatchObject({ version: 2, active: false });
    await send(3, 700);
    const before = [`1000 ${PROFILE}@1.0.0+1`, `1500 ${PROFILE}@1.0.0+1`, `700 ${PROFILE}@1.0.0+1`];
    await stored(before);

    const compared = await ended(await activate(2, true));
    expect(compared).toMatchObject({ state: 'done', diff: { changed: 3, unchanged: 3, added: 0, gone: 0 } });
    expect(compared.diff.largest[0]).toMatchObject({ datastream: 'slot-a.distance', before: 1500, after: 3000 });
    expect(await distances()).toEqual(before);
    expect(profiles.get(PROFILE)?.version).toBe('1.0.0+1');

    await ended(await activate(2, false));
    await stored([`2000 ${PROFILE}@1.0.0+2`, `3000 ${PROFILE}@1.0.0+2`, `1400 ${PROFILE}@1.0.0+2`]);
    expect(profiles.get(PROFILE)?.version).toBe('1.0.0+2');
    await send(4, 10);
    await vi.waitFor(async () => expect((await distances()).at(-1)).toBe(`20 ${PROFILE}@1.0.0+2`));
    expect(await engine.codecs.versions(PROFILE)).toMatchObject([
      { version: 2, active: true, activatedBy: by },
      { version: 1, active: false },
    ]);
    await expect(activate(2, false)).rejects.toMatchObject({ code: 'HUB_CONFLICT' });
    await expect(activate(3, true)).rejects.toMatchObject({ code: 'HUB_NOT_FOUND' });
  });

  it('go on after a restart, and so does a comparison that waits', async () => {
    await put();
    await register();
    await send(1, 1000);
    await stored([`1000 ${PROFILE}@1.0.0+1`]);
    await put(probeCodec({ scale: 3 }));
    const waiting = await activate(2, true);
    await engine.stop();
    await start();
    expect(profiles.get(PROFILE)?.version).toBe('1.0.0+1');
    expect(await ended(waiting)).toMatchObject({ state: 'done', diff: { changed: 1 } });
    await send(2, 5);
    await stored([`1000 ${PROFILE}@1.0.0+1`, `5 ${PROFILE}@1.0.0+1`]);
  });

  it('are refused with what is wrong, and a trial stores nothing', async () => {
    const { vectors, ...rest } = probeCodec();
    const wrong = { ...rest, vectors: vectors.map((vector) => ({ ...vector, expected: { TempC: 7 } })) };
    await expect(put(wrong)).rejects.toMatchObject({
      code: 'HUB_CODEC_VECTORS',
      status: 422,
      faults: [{ path: 'vectors[0].expected.TempC', message: 'The codec answers 20, not 7' }],
    });
    await expect(put({ ...rest, vectors, script: 'function (' })).rejects.toMatchObject({ code: 'HUB_CODEC_FAILED' });
    await expect(put({})).rejects.toMatchObject({ code: 'HUB_REQUEST_INVALID' });
    expect(await put(probeCodec(), true)).toMatchObject({ version: 1 });
    expect(await engine.codecs.versions()).toEqual([]);
    await expect(register()).rejects.toMatchObject({ code: 'HUB_REGISTRY_REFERENCE' });
  });

  it('that no longer load fail their own frames and leave the hub alone', async () => {
    await put();
    await register();
    await engine.stop();
    const stores = openStores({ file: join(folder, 'hub.db'), timeZone: 'Europe/Berlin' });
    stores.database.exec("UPDATE codec_version SET body = json_set(body, '$.script', 'function (')");
    stores.database.close();
    await start();
    await send(1);
    await vi.waitFor(async () => {
      const { items } = await engine.journal.deadLetters({ limit: 5 });
      expect(items).toMatchObject([{ code: 'HUB_CODEC_FAILED', detail: expect.stringMatching(/does not load/) }]);
    });
    await vi.waitFor(() => expect(states.get('codecs')).toMatch(/^custom\/probe-7: SyntaxError/), { timeout: 3_000 });
  });

  it('decode for threads that hold no scripts', async () => {
    await put();
    const [vector] = probeCodec().vectors;
    const input = { fPort: 85, bytes: Uint8Array.fromHex(vector?.hex ?? ''), receivedAt: T0, parameters: {} };
    expect(await engine.write('decodeForeign', PROFILE, input)).toMatchObject({ values: [{ value: 1000 }, {}] });
    await expect(engine.write('decodeForeign', 'custom/none', input)).rejects.toMatchObject({ code: 'HUB_NOT_FOUND' });
  });

  it('that are hostile get little of the time of the thread', async () => {
    const script = `function decodeUplink(i) { if (i.bytes[9] !== 232) while (true) {} return { data: { temp_c: 1 } }; }`;
    const { vectors, ...rest } = probeCodec({ script });
    await put({ ...rest, vectors: vectors.map(({ fPort, hex }) => ({ fPort, hex, expected: {} })) });
    await register();
    await Promise.all(Array.from({ length: 50 }, (_, n) => send(n, 1001)));
    await vi.waitFor(
      async () => {
        const { items } = await engine.journal.deadLetters({ limit: 100 });
        const found = (words: RegExp) => items.filter(({ detail }) => words.test(detail ?? '')).length;
        expect([found(/stopped after/), found(/is paused/)]).toEqual([5, 45]);
      },
      { timeout: 5_000 },
    );
  });
});
