import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY, formatTime, HOUR, MINUTE } from '../model/time.ts';
import type { DerivedEvent } from '../store/events.ts';
import { createTestApi, fillRegion, NOW, type TestApi } from './testing.ts';

let api: TestApi;
beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
});
afterEach(() => api.app.close());

/** Stores an event of a datastream, so many minutes old; what it rests on is no younger. */
const happen = async (datastream: string, minutesAgo: number, changes: Partial<DerivedEvent> = {}) => {
  const time = NOW - minutesAgo * MINUTE;
  const event: DerivedEvent = {
    kind: 'emptying',
    thing: datastream.split('.', 1)[0] ?? '',
    datastream: api.keys.get(datastream) ?? 0,
    derivation: 'test',
    time,
    label: 'emptied',
    detail: { before: 71 },
    evidenceTo: time,
    ...changes,
  };
  const { derivation, datastream: key } = event;
  const span = { derivation, datastream: key, from: event.time, to: event.time + 1 };
  await api.stores.events.replace({ span, events: [event] });
};

interface Page {
  readonly items: { readonly thing: string; readonly time: string; readonly kind: string }[];
  readonly next?: string;
}
const page = async (query = '', headers: Record<string, string> = {}): Promise<Page> =>
  (await api.get(`/events${query}`, headers)).json<Page>();
const thingsOf = async (query = '', headers: Record<string, string> = {}) =>
  (await page(query, headers)).items.map(({ thing }) => thing);

describe('events', () => {
  it('tell what happened where, newest first', async () => {
    const until = NOW - 30 * MINUTE;
    await happen('gauge-1.water_level', 90, { kind: 'surge', until, value: 1.3, label: 'medium_storm_surge' });
    await happen('gauge-1.water_level', 20);
    const { items } = await page();
    expect(items.map(({ kind }) => kind)).toEqual(['emptying', 'surge']);
    expect(items[1]).toEqual({
      kind: 'surge',
      time: formatTime(NOW - 90 * MINUTE),
      until: formatTime(until),
      value: 1.3,
      unit: '%',
      label: 'medium_storm_surge',
      detail: { before: 71 },
      thing: 'gauge-1',
      datastream: 'gauge-1.water_level',
      site: 'laboe-harbour',
      municipality: 'laboe',
      useCase: 'coast',
      simulated: false,
    });
  });

  it('can be asked for by kind, place and time', async () => {
    const all = await api.token('reader');
    await happen('gauge-1.water_level', 10, { kind: 'surge' });
    await happen('slot-laboe.fill_level', 20);
    await happen('slot-wendtorf.fill_level', 30);
    await happen('slot-laboe.fill_level', 31 * 24 * 60);
    expect(await thingsOf('', all)).toEqual(['gauge-1', 'slot-laboe', 'slot-wendtorf']);
    expect(await thingsOf('?kind=surge', all)).toEqual(['gauge-1']);
    expect(await thingsOf('?municipality=laboe', all)).toEqual(['gauge-1', 'slot-laboe']);
    expect(await thingsOf('?site=laboe-depot&thing=slot-laboe', all)).toEqual(['slot-laboe']);
    expect(await thingsOf('?thing=slot-nowhere', all)).toEqual([]);
    const [from, to] = [formatTime(NOW - 30 * MINUTE), formatTime(NOW - 20 * MINUTE)];
    expect(await thingsOf(`?from=${from}&to=${to}`, all)).toEqual(['slot-wendtorf']);
    expect(await thingsOf(`?from=${formatTime(NOW - 40 * DAY)}`, all)).toHaveLength(4);
    expect((await api.get('/events?from=yesterday')).statusCode).toBe(400);
    expect((await api.get('/events?kinds=surge')).statusCode).toBe(400);
  });

  it('come in pages that hold each once, also when more arrive meanwhile', async () => {
    const all = await api.token('reader');
    // More hidden ones than the store is asked for at once lie between.
    for (let i = 0; i < 7; i++) await happen('gauge-1.water_level', 100 + i);
    for (let i = 0; i < 600; i++) await happen('meter-1.energy', 1 + i / 20);
    for (let i = 0; i < 3; i++) await happen('gauge-1.water_level', i + 1);
    const seen: string[] = [];
    for (let path: string | undefined = '?limit=4'; path; ) {
      const { items, next } = await page(path);
      seen.push(...items.map(({ time }) => time));
      path = next?.replace('/api/v1/events', '');
      await happen('gauge-1.water_level', 0.5);
      api.time.now += MINUTE;
    }
    const minutes = [1, 2, 3, 100, 101, 102, 103, 104, 105, 106];
    expect(seen).toEqual(minutes.map((ago) => formatTime(NOW - ago * MINUTE)));
    api.time.now = NOW;
    expect((await page('?limit=1000', all)).items).toHaveLength(611);
  });

  it('refuse a span that ends before it begins', async () => {
    const answer = await api.get('/events?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z');
    expect([answer.statusCode, answer.json<{ faults: { path: string }[] }>().faults[0]?.path]).toEqual([
      400,
      'query.from',
    ]);
  });

  it('refuse cursors of other lists', async () => {
    const cursor = Buffer.from(JSON.stringify(['events', '[1,"x"]'])).toString('base64url');
    for (const wrong of ['x', cursor]) {
      const answer = await api.get(`/events?cursor=${wrong}`);
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'HUB_CURSOR_INVALID']);
    }
  });
});

describe('who sees an event', () => {
  it('is who sees its datastream', async () => {
    for (const id of [
      'gauge-1.water_level',
      'gauge-1.air_temperature',
      'slot-laboe.fill_level',
      'slot-wendtorf.fill_level',
    ])
      await happen(id, 10);
    const answer = await api.get('/events');
    expect(answer.json<Page>().items).toHaveLength(1);
    for (const secret of ['slot-', 'air_temperature', 'depot', 'wendtorf']) expect(answer.body).not.toContain(secret);
    expect(await thingsOf('?thing=slot-laboe')).toEqual([]);
    expect(await thingsOf('', await api.token('reader', 'laboe'))).toEqual(['slot-laboe', 'gauge-1', 'gauge-1']);
    expect(await thingsOf('', await api.token('reader'))).toHaveLength(4);
    const waste = api.registry.require('dataset', 'waste');
    api.put('dataset', { ...waste, visibility: 'open' });
    expect(await thingsOf('?thing=slot-laboe')).toEqual(['slot-laboe']);
  });

  it('is who may see every observation that it rests on, when a dataset is delayed by 90 minutes', async () => {
    const ago = (minutes: number) => NOW - minutes * MINUTE;
    await happen('meter-1.energy', 200);
    await happen('meter-1.energy', 300, { until: ago(89) });
    await happen('meter-1.energy', 400, { evidenceTo: ago(89) });
    await happen('meter-1.energy', 500, { until: ago(95), evidenceTo: ago(90) });
    await happen('meter-1.energy', 89);
    const minutes = async (headers?: Record<string, string>) =>
      (await page('', headers)).items.map(({ time }) => (NOW - Date.parse(time)) / MINUTE);
    expect(await minutes()).toEqual([200, 500]);
    expect(await minutes(await api.token('reader', 'laboe'))).toEqual([200, 500]);
    expect(await minutes(await api.token('reader', 'stein'))).toEqual([89, 200, 300, 400, 500]);
    api.time.now = NOW + HOUR;
    expect(await minutes()).toEqual([89, 200, 300, 400, 500]);
  });
});
