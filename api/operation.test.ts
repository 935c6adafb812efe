import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ParsedMessage, Uplink } from '../model/uplink.ts';
import { createTestApi, DEV_EUI, fillRegion, LOCAL_CREDENTIAL, NOW, type TestApi } from './testing.ts';
import type { Trace } from './trace-port.ts';

const local = { authorization: `Bearer ${LOCAL_CREDENTIAL}` };
const STRANGER = '70b3d57ed0000001';

let api: TestApi;
let operator: Record<string, string>;
const open = async (options: Parameters<typeof createTestApi>[0] = {}) => {
  api = await createTestApi(options);
  await fillRegion(api);
  operator = await api.token('operator');
};
beforeEach(() => open());
afterEach(() => api.app.close());

const call = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object, headers = operator) =>
  api.app.inject({ method, url: `/api/v1${url}`, headers, ...(payload && { payload }) });

const uplink = (devEui: string, fCnt: number): Uplink => ({
  kind: 'uplink',
  devEui,
  fCnt,
  fPort: 85,
  bytes: Uint8Array.of(0x01, 0x75, 0x62),
  receivedAt: NOW,
  receptions: [{ gatewayId: 'gw-1', rssiDbm: -97 }],
});

/** One decoded uplink and its duplicate, two of strangers, two dead letters, over two days. */
const fillJournal = async () => {
  const { journal } = api.stores;
  const append = async (message: ParsedMessage, arrivedAt = NOW) => {
    const [result] = await journal.append([
      { network: 'north', topic: 't', body: Buffer.from(JSON.stringify(message)), arrivedAt, message },
    ]);
    return result && 'position' in result ? result.position : 0;
  };
  const base = { network: 'north', arrivedAt: NOW, kind: 'uplink' } as const;
  const good = await append(uplink(DEV_EUI, 1));
  await append(uplink(DEV_EUI, 1));
  const strange = [await append(uplink(STRANGER, 1)), await append(uplink(STRANGER, 2))];
  const bad = [await append(uplink(DEV_EUI, 2)), await append(uplink(DEV_EUI, 3))];
  const yesterday = await append(uplink(DEV_EUI, 4), NOW - 86_400_000);
  await journal.advance('observations', yesterday, [
    { ...base, position: good, outcome: 'decoded', devEui: DEV_EUI },
    ...strange.map((position) => ({
      ...base,
      position,
      outcome: 'unknownDevice' as const,
      devEui: STRANGER,
      detail: '85:017562',
    })),
    ...bad.map((position) => ({
      ...base,
      position,
      outcome: 'deadLetter' as const,
      devEui: DEV_EUI,
      code: 'HUB_CODEC_PAYLOAD' as const,
      detail: 'too short',
    })),
    { ...base, position: yesterday, arrivedAt: NOW - 86_400_000, outcome: 'decoded', devEui: DEV_EUI },
  ]);
  return { good, bad };
};

describe('books', () => {
  it('balance, newest day first, in pages', async () => {
    await fillJournal();
    const books = (await call('GET', '/books')).json<{ items: Record<string, unknown>[]; balanced: boolean }>();
    expect(books.balanced).toBe(true);
    expect(books.items).toMatchObject([
      {
        network: 'north',
        day: '2026-03-02',
        received: 6,
        duplicates: 1,
        decoded: 1,
        unknownDevice: 2,
        deadLetter: 2,
        pending: 0,
        balanced: true,
      },
      { network: 'north', day: '2026-03-01', received: 1, decoded: 1, balanced: true },
    ]);
    const first = (await call('GET', '/books?limit=1')).json<{ items: { day: string }[]; next: string }>();
    const second = (await api.app.inject({ url: first.next, headers: operator })).json<{
      items: { day: string }[];
      next?: string;
    }>();
    expect([...first.items, ...second.items].map(({ day }) => day)).toEqual(['2026-03-02', '2026-03-01']);
    expect(second.next).toBeUndefined();
    expect((await call('GET', '/books?from=2026-03-02')).json<{ items: [] }>().items).toHaveLength(1);
    expect((await call('GET', '/books?network=south')).json()).toEqual({ items: [], balanced: true });
  });

  it('say when they do not balance', async () => {
    const wrong = {
      network: 'n',
      day: '2026-03-02',
      received: 3,
      duplicates: 1,
      pending: 0,
      decoded: 1,
      other: 0,
      ignored: 0,
      notPlaced: 0,
      unknownDevice: 0,
      deadLetter: 0,
    };
    await api.app.close();
    await open({
      wrap: ({ journal }) => ({ journal: Object.assign(Object.create(journal), { books: async () => [wrong] }) }),
    });
    expect((await call('GET', '/books')).json()).toMatchObject({ balanced: false, items: [{ balanced: false }] });
  });
});

describe('unknown devices', () => {
  it('are listed with their frames, and adopted', async () => {
    await fillJournal();
    const { items } = (await call('GET', '/unknown-devices')).json<{ items: object[] }>();
    expect(items).toMatchObject([{ devEui: STRANGER, uplinks: 2, frames: [{ fPort: 85, hex: '017562' }, {}] }]);
    const body = { profile: 'milesight/em400-tld', thing: 'slot-laboe', from: '2026-01-01T00:00:00Z' };
    const adopted = await call('POST', `/unknown-devices/${STRANGER}/adopt`, body);
    expect([adopted.statusCode, adopted.headers.location]).toEqual([202, '/api/v1/reprocess/job-1']);
    expect(api.given).toEqual([`adopt ${STRANGER} milesight/em400-tld ${Date.UTC(2026, 0, 1)}`]);
    expect((await call('POST', '/unknown-devices/XYZ/adopt', body)).json()).toMatchObject({
      faults: [{ path: 'path.devEui' }],
    });
    expect((await call('POST', `/unknown-devices/${STRANGER}/adopt`, {})).json()).toMatchObject({
      faults: [{ path: 'body.profile' }],
    });
  });
});

describe('dead letters', () => {
  it('are listed in pages, filtered, and tried again', async () => {
    const { bad } = await fillJournal();
    const page = (await call('GET', '/dead-letters?limit=1')).json<{ items: { position: number }[]; next: string }>();
    const rest = (await api.app.inject({ url: page.next, headers: operator })).json<{
      items: { position: number }[];
    }>();
    expect([...page.items, ...rest.items].map(({ position }) => position).sort((a, b) => a - b)).toEqual(bad);
    expect(page.items[0]).toMatchObject({
      code: 'HUB_CODEC_PAYLOAD',
      title: expect.any(String),
      detail: 'too short',
      devEui: DEV_EUI,
    });
    expect((await call('GET', '/dead-letters?code=HUB_CODEC_FAILED')).json()).toEqual({ items: [] });
    expect((await call('POST', `/dead-letters/${bad[0]}/retry`)).json()).toEqual({
      position: bad[0],
      outcome: 'decoded',
    });
    expect(api.given).toEqual([`retry ${bad[0]}`]);
  });
});

describe('the trace of an uplink', () => {
  const traceOf = async (position: number): Promise<Trace | undefined> => {
    const entry = await api.stores.journal.entry(position);
    if (!entry) return undefined;
    return {
      entry,
      message: uplink(DEV_EUI, 1),
      receptions: await api.stores.journal.receptions(position),
      outcome: 'decoded',
      codec: 'milesight/em400-tld@1',
      records: [{ time: NOW, fields: { distance: 55, tilted: false } }],
      values: [{ property: 'fill_level', value: 55, time: NOW, record: 0, health: false }],
      warnings: [],
      observations: await api.stores.observations.ofPositions([position]),
    };
  };

  it('tells the whole way, to operators of the region or of its municipality', async () => {
    await api.app.close();
    await open({ trace: traceOf });
    const { good } = await fillJournal();
    const { json } = await call('GET', `/uplinks/${good}/trace`);
    expect(json()).toMatchObject({
      position: good,
      entry: { network: 'north', devEui: DEV_EUI, body: expect.stringContaining('"fCnt":1') },
      event: { kind: 'uplink', bytes: '017562', receivedAt: '2026-03-02T12:00:00.000Z' },
      receptions: [{ network: 'north', gatewayId: 'gw-1', rssiDbm: -97 }],
      records: [{ fields: { distance: 55, tilted: false } }],
      values: [{ property: 'fill_level', value: 55 }],
    });
    // The first uplink of every thing of the test region has this position: a municipality sees its own of them.
    const laboe = await api.token('operator', 'laboe');
    const scoped = await call('GET', `/uplinks/${good}/trace`, undefined, laboe);
    const streams = scoped
      .json<{ observations: { datastream: string }[] }>()
      .observations.map(({ datastream }) => datastream);
    expect(streams).toContain('slot-laboe.fill_level');
    expect(scoped.body).not.toContain('wendtorf');
    for (const headers of [await api.token('operator', 'wendtorf'), operator]) {
      const url = headers === operator ? '/uplinks/999/trace' : `/uplinks/${good}/trace`;
      expect((await call('GET', url, undefined, headers)).json()).toMatchObject({ status: 404, code: 'HUB_NOT_FOUND' });
    }
    expect((await call('GET', `/uplinks/${good}/trace`, undefined, await api.token('planner'))).statusCode).toBe(403);
  });
});

describe('replays', () => {
  it('are asked for, listed and cancelled', async () => {
    const since = '2026-03-01T00:00:00Z';
    const asked = await call('POST', '/reprocess', { scope: { device: DEV_EUI }, since, dryRun: true });
    expect(asked.statusCode).toBe(202);
    expect(asked.json()).toMatchObject({
      id: 'job-1',
      state: 'queued',
      scope: { device: DEV_EUI },
      since: '2026-03-01T00:00:00.000Z',
      dryRun: true,
      diff: { changed: 1 },
    });
    expect((await call('GET', '/reprocess')).json()).toMatchObject({ items: [{ id: 'job-1' }] });
    expect((await call('DELETE', '/reprocess/job-1')).json()).toMatchObject({ state: 'cancelled' });
    expect((await call('GET', '/reprocess/job-1')).json()).toMatchObject({ state: 'cancelled' });
    expect((await call('DELETE', '/reprocess/job-9')).statusCode).toBe(404);
    const twice = await call('POST', '/reprocess', { scope: { device: DEV_EUI, all: true }, since });
    expect(twice.json()).toMatchObject({
      status: 400,
      faults: [{ path: 'body.scope', message: expect.stringContaining('"all": true') }],
    });
  });
});

describe('the region', () => {
  const post = (payload: object, query = '') => call('POST', `/region${query}`, payload, local);

  it('is exported as people wrote it, and imports again without a change', async () => {
    const { entities } = (await call('GET', '/region')).json<{ entities: { kind: string; put: { id: string } }[] }>();
    expect(new Set(entities.map(({ kind }) => kind))).toEqual(
      new Set(['municipality', 'site', 'thing', 'device', 'deployment', 'dataset']),
    );
    expect(entities.map(({ put }) => put.id)).not.toContain(`device-${DEV_EUI}`);
    const { changes } = (await post({ entities })).json<{ changes: { action: string }[] }>();
    expect(new Set(changes.map(({ action }) => action))).toEqual(new Set(['unchanged']));
  });

  it('changes all or nothing, and nothing in a dry run', async () => {
    const municipality = { id: 'heikendorf', name: 'Heikendorf', key: '01057030', parent: 'ploen' };
    const entities = [{ kind: 'municipality', put: municipality }];
    expect((await post({ entities }, '?dryRun=true')).json()).toEqual({
      changes: [{ kind: 'municipality', id: 'heikendorf', action: 'created' }],
    });
    expect(api.registry.get('municipality', 'heikendorf')).toBeUndefined();
    const wrong = await post({ entities: [...entities, { kind: 'site', put: { id: 'x' } }] });
    expect(wrong.json()).toMatchObject({
      status: 422,
      code: 'HUB_REGISTRY_INVALID',
      faults: [{ path: 'entities[1].put.name' }, {}, {}],
    });
    expect(api.registry.get('municipality', 'heikendorf')).toBeUndefined();
    await post({ entities });
    expect(api.registry.get('municipality', 'heikendorf')).toEqual(municipality);
    expect((await post({ entities: [{ kind: 'municipality', remove: 'heikendorf' }] })).json()).toMatchObject({
      changes: [{ action: 'removed' }],
    });
    for (const entity of [{ kind: 'datastream', put: {} }, { kind: 'site' }, { kind: 'site', put: {}, remove: 'x' }]) {
      expect((await post({ entities: [entity] })).statusCode).toBe(400);
    }
  });
});
