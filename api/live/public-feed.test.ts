import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedMessage } from '../../model/ports.ts';
import { HOUR } from '../../model/time.ts';
import { createAccess } from '../access.ts';
import { everybody } from '../auth/principal.ts';
import { createTestApi, fillRegion, NOW, observationOf, type TestApi } from '../testing.ts';
import { LivePublicFeed } from './public-feed.ts';

const LEVEL = 'plietsch/v1/laboe/gauge-1/water_level';
const ENERGY = 'plietsch/v1/stein/meter-1/energy';
const FILL = 'plietsch/v1/laboe/slot-laboe/fill_level';

let api: TestApi;
let feed: LivePublicFeed;
let troubles: unknown[];

beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
  troubles = [];
  feed = new LivePublicFeed({
    reader: createAccess(api.deps)(everybody),
    live: api.live,
    version: () => api.registry.version,
    onTrouble: (thrown) => troubles.push(thrown),
  });
  await feed.start();
});
afterEach(async () => {
  await feed.stop();
  await api.app.close();
  expect(troubles).toEqual([]);
});

const read = ({ topic, payload, isNewest }: FeedMessage): string => {
  const { value } = payload.length === 0 ? { value: 'gone' } : (JSON.parse(payload.toString()) as { value: unknown });
  return `${topic}=${String(value)}${isNewest ? '' : ' late'}`;
};
const held = (): string[] => [...feed.newest(() => true)].map(read).sort();
const listen = (): string[] => {
  const told: string[] = [];
  feed.subscribe((messages) => told.push(...messages.map(read)));
  return told;
};
const store = async (id: string, value: number, phenomenonTime = NOW) => {
  const observation = observationOf({ datastream: api.keys.get(id) ?? 0, value, phenomenonTime });
  await api.stores.observations.append([observation]);
  api.live.append([observation]);
};
const change = (id: string, more: object) => api.put('dataset', { ...api.registry.require('dataset', id), ...more });

describe('the public feed', () => {
  it('holds the newest of what is open, and of what is delayed what is old enough', () => {
    expect(held()).toEqual([`${LEVEL}=0.3`, `${ENERGY}=1`]);
    const [message] = feed.newest((topic) => topic === LEVEL);
    expect(JSON.parse(String(message?.payload))).toEqual({
      datastream: 'gauge-1.water_level',
      property: 'water_level',
      unit: '%',
      value: 0.3,
      flag: 1,
      quality: 'pass',
      failedTests: [],
      phenomenonTime: '2026-03-02T11:59:00.000Z',
      receivedAt: '2026-03-02T11:59:01.000Z',
      useCase: 'coast',
      thing: 'gauge-1',
      site: 'laboe-harbour',
      municipality: 'laboe',
      datasets: ['levels'],
      licences: ['dl-de/by-2-0'],
    });
  });

  it('tells what comes, and nothing of what is private or too young', async () => {
    const told = listen();
    await store('gauge-1.water_level', 5);
    await store('gauge-1.air_temperature', 6);
    await store('slot-laboe.fill_level', 7);
    await store('meter-1.energy', 8);
    await store('gauge-1.water_level', 9, NOW - HOUR);
    expect(told).toEqual([`${LEVEL}=5`, `${LEVEL}=9 late`]);
    expect(held()).toEqual([`${LEVEL}=5`, `${ENERGY}=1`]);
  });

  it('tells of a burst by turns, in order', async () => {
    const told = listen();
    const key = api.keys.get('gauge-1.water_level') ?? 0;
    api.live.append(
      Array.from({ length: 1_000 }, (_, i) => observationOf({ datastream: key, value: i, phenomenonTime: NOW + i })),
    );
    await store('gauge-1.water_level', -1, NOW + 1_000);
    const turns: number[] = [];
    for (let before = 0; told.length < 1_001; before = told.length) {
      turns.push(told.length - before);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(Math.max(...turns)).toBeLessThanOrEqual(201);
    // Of what comes in one turn only the last is the newest.
    expect(told.map((one) => one.replace(' late', ''))).toEqual(
      [...Array(1_000).keys(), -1].map((value) => `${LEVEL}=${value}`),
    );
    expect(told.at(-1)).toBe(`${LEVEL}=-1`);
  });

  it('tells of delayed values once they are old enough', async () => {
    const told = listen();
    await store('meter-1.energy', 8, NOW);
    api.time.now = NOW + 2 * HOUR;
    for (let i = 0; i < 30; i++) await feed.look();
    expect(told.filter((one) => one.startsWith(ENERGY))).toEqual([`${ENERGY}=8`]);
  });

  it('takes back what becomes private, before anybody else reads it', async () => {
    const told = listen();
    await store('gauge-1.water_level', 5);
    change('levels', { visibility: 'private' });
    expect(held()).toEqual([`${ENERGY}=1`]);
    await store('gauge-1.water_level', 6);
    await feed.look();
    expect(told).toEqual([`${LEVEL}=5`, `${LEVEL}=gone`]);
    change('waste', { visibility: 'open', perMunicipality: { wendtorf: { visibility: 'private' } } });
    await feed.look();
    expect(told.slice(2)).toEqual([`${FILL}=30`]);
  });

  it('takes back what was deleted in the store, and tells what was corrected there', async () => {
    const told = listen();
    const datastream = api.keys.get('gauge-1.water_level') ?? 0;
    await store('gauge-1.water_level', 5);
    await api.stores.observations.append([observationOf({ datastream, value: 6, phenomenonTime: NOW, position: 9 })]);
    for (let i = 0; i < 10; i++) await feed.look();
    await api.stores.observations.remove([{ datastream, time: NOW }]);
    for (let i = 0; i < 10; i++) await feed.look();
    expect(told).toEqual([`${LEVEL}=5`, `${LEVEL}=6`, `${LEVEL}=0.3`]);
    await api.stores.observations.replace(datastream, 0, NOW + 1, []);
    for (let i = 0; i < 10; i++) await feed.look();
    expect(told.at(-1)).toBe(`${LEVEL}=gone`);
    expect(held()).toEqual([`${ENERGY}=1`]);
  });

  it('goes back to what is old enough when a dataset becomes delayed', async () => {
    const told = listen();
    await store('gauge-1.water_level', 5);
    change('levels', { visibility: 'delayed', delayMinutes: 30 });
    await feed.look();
    expect(told).toEqual([`${LEVEL}=5`, `${LEVEL}=gone`, `${LEVEL}=0.2`]);
  });

  it('withholds small counts, also when that is decided later', async () => {
    const key = 99;
    api.put('datastream', {
      id: 'gauge-1.water_level.in/out',
      key,
      thing: 'gauge-1',
      property: 'water_level',
      channel: 'in/out',
      unit: '{count}',
    });
    await feed.look();
    api.live.append([observationOf({ datastream: key, value: 3, phenomenonTime: NOW })]);
    expect(held()).toContain(`${LEVEL}/in%2Fout=3`);
    change('levels', { smallestCount: 5 });
    expect(held()).toContain(`${LEVEL}/in%2Fout=null`);
    const told = listen();
    await feed.look();
    expect(told).toEqual([`${LEVEL}/in%2Fout=null`]);
    api.live.append([observationOf({ datastream: key, value: 4, phenomenonTime: NOW + 1 })]);
    expect(told).toEqual([`${LEVEL}/in%2Fout=null`, `${LEVEL}/in%2Fout=null`]);
  });
});
