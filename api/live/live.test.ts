import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOUR } from '../../model/time.ts';
import { createTestApi, fillRegion, NOW, observationOf, type TestApi } from '../testing.ts';

interface Event {
  readonly id?: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

interface Subscriber {
  readonly events: Event[];
  readonly response: IncomingMessage;
  readonly closed: Promise<void>;
}

let api: TestApi;
let port = 0;
const open: IncomingMessage[] = [];

const start = async (sse: Partial<TestApi['deps']['config']['sse']> = {}) => {
  api = await createTestApi({
    config: { sse: { maxClients: 3, maxPerAddress: 3, heartbeatS: 30, bufferEvents: 50, ...sse } },
  });
  await fillRegion(api);
  await api.app.listen({ port: 0, host: '127.0.0.1' });
  port = (api.app.server.address() as AddressInfo).port;
};
beforeEach(() => start());
afterEach(async () => {
  for (const response of open.splice(0)) response.destroy();
  await api.app.close();
});

const request = (query: string, headers: Record<string, string> = {}): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: `/api/v1/live${query}`, headers }, (response) => {
      open.push(response);
      resolve(response);
    }).on('error', reject);
  });

const subscribe = async (query = '', headers: Record<string, string> = {}): Promise<Subscriber> => {
  const response = await request(query, headers);
  const events: Event[] = [];
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
      if (fields.event === undefined && fields.id === undefined) continue;
      events.push({ event: fields.event ?? 'id', id: fields.id, data: JSON.parse(fields.data ?? '{}') });
    }
  });
  const closed = new Promise<void>((resolve) => response.on('close', resolve).on('error', () => resolve()));
  return { events, response, closed };
};

const store = (id: string, value: number, phenomenonTime = NOW) =>
  api.live.append([observationOf({ datastream: api.keys.get(id) ?? 0, value, phenomenonTime })]);

const seen = ({ events }: Subscriber) =>
  events
    .filter(({ event }) => event === 'observation')
    .map(({ data }) => `${String(data.datastream)}=${String(data.value)}`);
const kindsOf = ({ events }: Subscriber) => events.map(({ event }) => event);
const ready = (subscriber: Subscriber) => vi.waitFor(() => expect(kindsOf(subscriber)).toContain('ready'));

describe('the live stream', () => {
  it('brings the public what it may see, as it is stored', async () => {
    const client = await subscribe();
    expect(client.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(client.response.headers['access-control-allow-origin']).toBe('*');
    await ready(client);
    store('gauge-1.water_level', 1);
    store('gauge-1.air_temperature', 2);
    store('slot-laboe.fill_level', 3);
    store('meter-1.energy', 4);
    store('meter-1.energy', 5, NOW - 2 * HOUR);
    store('gauge-1.water_level', 6);
    await vi.waitFor(() => expect(seen(client)).toContain('gauge-1.water_level=6'));
    expect(seen(client)).toEqual(['gauge-1.water_level=1', 'meter-1.energy=5', 'gauge-1.water_level=6']);
    expect(client.events.find(({ event }) => event === 'observation')).toEqual({
      event: 'observation',
      id: 'test-1',
      data: {
        datastream: 'gauge-1.water_level',
        property: 'water_level',
        unit: '%',
        value: 1,
        flag: 1,
        quality: 'pass',
        failedTests: [],
        phenomenonTime: '2026-03-02T12:00:00.000Z',
        receivedAt: '2026-03-02T12:00:01.000Z',
        useCase: 'coast',
        thing: 'gauge-1',
        site: 'laboe-harbour',
        municipality: 'laboe',
      },
    });
  });

  it('looks at permission anew for every event', async () => {
    const client = await subscribe();
    await ready(client);
    const waste = api.registry.require('dataset', 'waste');
    api.put('dataset', { ...waste, visibility: 'open' });
    store('slot-laboe.fill_level', 1);
    api.put('dataset', waste);
    store('slot-laboe.fill_level', 2);
    store('gauge-1.water_level', 3);
    await vi.waitFor(() => expect(seen(client)).toContain('gauge-1.water_level=3'));
    expect(seen(client)).toEqual(['slot-laboe.fill_level=1', 'gauge-1.water_level=3']);
  });

  it('filters, and shows token holders what is theirs', async () => {
    const client = await subscribe('?useCase=waste', await api.token('reader', 'laboe'));
    await ready(client);
    for (const id of ['slot-wendtorf.fill_level', 'gauge-1.water_level', 'slot-laboe.fill_level']) store(id, 1);
    await vi.waitFor(() => expect(seen(client)).toEqual(['slot-laboe.fill_level=1']));
  });

  it.each([
    ['dataset=levels', ['gauge-1.water_level=1']],
    ['dataset=waste', []],
    ['bbox=10.27,54.3,10.3,54.5', ['meter-1.energy=2']],
    ['municipality=stein', ['meter-1.energy=2']],
    ['useCase=energy&thing=meter-1&property=energy', ['meter-1.energy=2']],
    ['datastream=gauge-1.water_level', ['gauge-1.water_level=1']],
  ])('filters by %s', async (query, expected) => {
    const client = await subscribe(`?${query}`);
    const all = await subscribe();
    await Promise.all([ready(client), ready(all)]);
    store('gauge-1.water_level', 1);
    store('meter-1.energy', 2, NOW - 2 * HOUR);
    store('slot-laboe.fill_level', 3);
    await vi.waitFor(() => expect(seen(all)).toHaveLength(2));
    await sleep(20);
    expect(seen(client)).toEqual(expected);
  });

  it('shows small counts to whom they are not withheld', async () => {
    api.put('datastream', {
      id: 'gauge-1.people',
      key: 99,
      thing: 'gauge-1',
      property: 'water_level',
      channel: 'x',
      unit: '{count}',
    });
    api.put('dataset', { ...api.registry.require('dataset', 'levels'), smallestCount: 5 });
    const everybody = await subscribe();
    const own = await subscribe('', await api.token('reader', 'laboe'));
    await Promise.all([ready(everybody), ready(own)]);
    for (const value of [3, 7]) api.live.append([observationOf({ datastream: 99, value, phenomenonTime: NOW })]);
    await vi.waitFor(() => expect([seen(everybody).length, seen(own).length]).toEqual([2, 2]));
    const values = ({ events }: Subscriber) =>
      events.filter(({ event }) => event === 'observation').map(({ data }) => [data.value, data.withheld]);
    expect(values(everybody)).toEqual([
      [null, true],
      [7, undefined],
    ]);
    expect(values(own)).toEqual([
      [3, undefined],
      [7, undefined],
    ]);
  });

  it('tells nobody twice of what was stored just before it came', async () => {
    const first = await subscribe();
    await ready(first);
    const late: Subscriber[] = [];
    for (let i = 0; i < 20; i++) {
      api.live.append([observationOf({ datastream: api.keys.get('gauge-1.water_level') ?? 0, value: i })]);
      if (i === 10) late.push(await subscribe(`?lastEventId=test-5`));
    }
    const [client] = late;
    await vi.waitFor(() => expect(seen(first)).toHaveLength(20));
    await vi.waitFor(() => expect(client && seen(client)).toHaveLength(15));
    expect(client && seen(client)).toEqual(seen(first).slice(5));
  });

  it('keeps the thread free while many catch up, and leaves nothing out', async () => {
    await api.app.close();
    await start({ maxClients: 20, maxPerAddress: 20, bufferEvents: 1_000 });
    const key = api.keys.get('gauge-1.water_level') ?? 0;
    // One block: the log holds it whole.
    api.live.append(Array.from({ length: 3_000 }, (_, value) => observationOf({ datastream: key, value })));
    const clients = await Promise.all(Array.from({ length: 10 }, () => subscribe('?lastEventId=test-0')));
    for (let i = 0; i < 20; i++) {
      store('gauge-1.water_level', 3_000 + i);
      await sleep(1);
    }
    await vi.waitFor(() => expect(clients.map((one) => seen(one).length)).toEqual(Array(10).fill(3_020)), 10_000);
    for (const client of clients) {
      expect(seen(client)).toEqual(Array.from({ length: 3_020 }, (_, i) => `gauge-1.water_level=${i}`));
      expect(kindsOf(client).at(3_000)).toBe('ready');
    }
  });

  it('lets one address have its share of places', async () => {
    await api.app.close();
    await start({ maxPerAddress: 2 });
    const clients = await Promise.all([subscribe(), subscribe()]);
    await Promise.all(clients.map(ready));
    const refused = await request('');
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '5']);
    clients[0]?.response.destroy();
    await vi.waitFor(async () => expect((await request('')).statusCode).toBe(200));
  });

  it('goes on where it was left, or says that it cannot', async () => {
    store('gauge-1.water_level', 1);
    const { head } = api.live;
    store('gauge-1.water_level', 2);
    store('slot-laboe.fill_level', 3);
    store('gauge-1.water_level', 4);
    const client = await subscribe('', { 'last-event-id': head });
    await ready(client);
    expect(seen(client)).toEqual(['gauge-1.water_level=2', 'gauge-1.water_level=4']);
    store('gauge-1.water_level', 5);
    await vi.waitFor(() => expect(seen(client)).toHaveLength(3));
    for (const id of ['test-9999', 'before-the-restart-1', 'x']) {
      const late = await subscribe(`?lastEventId=${id}`);
      await vi.waitFor(() => expect(kindsOf(late)).toEqual(['reset']));
      expect(late.events[0]?.id).toBe(api.live.head);
      late.response.destroy();
      await vi.waitFor(async () => expect(await clients()).toBe(1));
    }
  });

  it('shows that the line lives, and moves the resume point along, while nothing comes for a client', async () => {
    await api.app.close();
    await start({ heartbeatS: 0.05 });
    const client = await subscribe();
    await ready(client);
    store('slot-laboe.fill_level', 1);
    await vi.waitFor(() =>
      expect(client.events.slice(-2)).toEqual([
        { event: 'id', id: api.live.head, data: {} },
        { event: 'heartbeat', data: { time: '2026-03-02T12:00:00.000Z' } },
      ]),
    );
    expect(client.events[0]).toMatchObject({ event: 'ready', data: { heartbeatS: 0.05 } });
    expect(seen(client)).toEqual([]);
  });

  it('ends with the token', async () => {
    const reader = await api.token('reader');
    const client = await subscribe('', reader);
    await ready(client);
    const id = (await api.stores.accounts.tokens())[0]?.id ?? '';
    const local = { authorization: `Bearer ${api.deps.localCredential ?? ''}` };
    await api.app.inject({ method: 'DELETE', url: `/api/v1/tokens/${id}`, headers: local });
    await client.closed;
    expect(client.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'token' } });
  });

  it('ends when the token expires, at the next sign of life', async () => {
    await api.app.close();
    await start({ heartbeatS: 0.05 });
    const made = await api.app.inject({
      method: 'POST',
      url: '/api/v1/tokens',
      headers: { authorization: `Bearer ${api.deps.localCredential ?? ''}` },
      payload: { role: 'reader', expiresAt: new Date(NOW + HOUR).toISOString() },
    });
    const client = await subscribe('', { authorization: `Bearer ${made.json<{ token: string }>().token}` });
    await ready(client);
    api.time.now = NOW + HOUR;
    await client.closed;
    expect(client.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'token' } });
  });

  it('has a bounded number of places', async () => {
    const clients = await Promise.all([subscribe(), subscribe(), subscribe()]);
    await Promise.all(clients.map(ready));
    const refused = await request('');
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '5']);
    clients[0]?.response.destroy();
    await vi.waitFor(async () => expect((await request('')).statusCode).toBe(200));
  });

  it('drops who does not read, with a reason, and lets nobody else wait', async () => {
    const slow = await subscribe();
    const quick = await subscribe();
    await Promise.all([ready(slow), ready(quick)]);
    slow.response.pause();
    let stored = 0;
    const started = Date.now();
    // Sockets take megabytes before they push back.
    while ((await metric('plietsch_live_ended_total{reason="slow"}')) === 0 && Date.now() - started < 20_000) {
      const datastream = api.keys.get('gauge-1.water_level') ?? 0;
      api.live.append(Array.from({ length: 400 }, () => observationOf({ datastream, value: stored++ })));
      await vi.waitFor(() => expect(seen(quick)).toHaveLength(stored), { timeout: 5_000 });
    }
    expect(await metric('plietsch_live_ended_total{reason="slow"}')).toBe(1);
    expect(await clients()).toBe(1);
    await sleep(0);
    store('gauge-1.water_level', stored++);
    await vi.waitFor(() => expect(seen(quick)).toHaveLength(stored));
  }, 40_000);

  it('says goodbye when the hub stops', async () => {
    const client = await subscribe();
    await ready(client);
    await api.app.close();
    await client.closed;
    expect(client.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'closing' } });
  });
});

const metric = async (name: string): Promise<number> => {
  const line = (await api.deps.metrics.metrics()).split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.split(' ')[1] ?? 0);
};
const clients = () => metric('plietsch_live_clients');
