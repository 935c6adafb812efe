import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../model/time.ts';
import { createTestApi, fillRegion, NOW, observationOf, type TestApi } from '../testing.ts';

const PATH = '/datastreams/gauge-1.water_level/observations';

let api: TestApi;
beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
});
afterEach(() => api.app.close());

interface Answer {
  readonly from: string;
  readonly to: string;
  readonly excluded: string[];
  readonly next?: string;
  readonly observations: { value: number | null; phenomenonTime: string; position?: number }[];
  readonly buckets: Record<string, unknown>[];
}

const ask = async (query = '', headers?: Record<string, string>): Promise<Answer> => {
  const answer = await api.get(`${PATH}${query}`, headers);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<Answer>();
};

/** Every page, from the first link to the last. */
const follow = async (query: string): Promise<Answer[]> => {
  const pages = [await ask(query)];
  for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next) {
    const answer = await api.app.inject(next);
    expect(answer.statusCode, answer.body).toBe(200);
    pages.push(answer.json<Answer>());
    expect(pages.length).toBeLessThan(50);
  }
  return pages;
};

const add = (values: readonly object[]) =>
  api.stores.observations.append(
    values.map((value) => observationOf({ datastream: api.keys.get('gauge-1.water_level') ?? 0, ...value })),
  );

describe('observations', () => {
  it('are those of the last 24 hours by default, without what failed or is missing', async () => {
    await add([
      { phenomenonTime: NOW - 25 * HOUR, value: 9 },
      { phenomenonTime: NOW - 24 * HOUR, value: 8 },
      { phenomenonTime: NOW - 30 * MINUTE, value: 7, flag: 4, tests: 5 },
      { phenomenonTime: NOW - 20 * MINUTE, value: null, flag: 9, tests: 32 },
      { phenomenonTime: NOW - 10 * MINUTE, value: 6, flag: 3, tests: 2 },
      { phenomenonTime: NOW + MINUTE, value: 5 },
    ]);
    const usual = await ask();
    expect([usual.from, usual.to]).toEqual(['2026-03-01T12:00:00.000Z', '2026-03-02T12:00:00.000Z']);
    expect(usual.observations.map(({ value }) => value)).toEqual([8, 0.1, 0.2, 6, 0.3]);
    expect(usual.excluded).toEqual(['fail', 'missing']);
    const all = await ask('?quality=all&order=descending');
    expect(all.excluded).toEqual([]);
    expect(all.observations.map(({ value }) => value)).toEqual([0.3, 6, null, 7, 0.2, 0.1, 8]);
    expect(all.observations[3]).toEqual({
      phenomenonTime: '2026-03-02T11:30:00.000Z',
      receivedAt: '2026-03-02T11:30:01.000Z',
      value: 7,
      flag: 4,
      quality: 'fail',
      failedTests: ['grossRange', 'spike'],
    });
    expect((await ask('?quality=suspect,missing')).observations.map(({ value }) => value)).toEqual([null, 6]);
  });

  it('come in pages whose links keep the span, in both directions', async () => {
    const values = Array.from({ length: 12 }, (_, i) => ({ phenomenonTime: NOW - 20 * HOUR + i, value: i }));
    await add(values);
    for (const order of ['ascending', 'descending']) {
      const pages = await follow(`?limit=4&order=${order}`);
      const times = pages.flatMap(({ observations }) => observations.map(({ phenomenonTime }) => phenomenonTime));
      expect(times).toHaveLength(15);
      expect(times).toEqual(order === 'ascending' ? times.toSorted() : times.toSorted().reverse());
      api.time.now += HOUR;
      expect(new Set(pages.map(({ from }) => from)).size).toBe(1);
    }
    expect((await api.get(`${PATH}?limit=4`)).headers.link).toMatch(/^<\/api\/v1\/datastreams\/.*>; rel="next"$/);
  });

  it('refuse cursors of another datastream, order or span', async () => {
    await add(Array.from({ length: 4 }, (_, i) => ({ phenomenonTime: NOW - 20 * HOUR + i, value: i })));
    const { next = '' } = await ask('?limit=2');
    for (const other of [
      next.replace('gauge-1.water_level', 'meter-1.energy'),
      `${next}&order=descending`,
      next.replace(/from=[^&]*/, 'from=2026-03-02T11:00:00Z'),
      next.replace(/cursor=/, 'cursor=A'),
    ]) {
      const answer = await api.app.inject(other);
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'HUB_CURSOR_INVALID']);
    }
  });

  it('show operators where they come from', async () => {
    const [first] = (await ask('', await api.token('operator'))).observations;
    expect(first).toMatchObject({ position: 1, codec: 'milesight/em400-tld@1', deployment: 'd1' });
    expect((await ask('', await api.token('reader'))).observations[0]).not.toHaveProperty('position');
  });

  it('take times with an offset, also where its plus sign was not escaped', async () => {
    const { from, to } = await ask('?from=2026-03-02T10:00:00%2B01:00&to=2026-03-02T12:30:00+01:00');
    expect([from, to]).toEqual(['2026-03-02T09:00:00.000Z', '2026-03-02T11:30:00.000Z']);
  });
});

describe('buckets', () => {
  it('follow the local calendar, over the change to summer time', async () => {
    api.time.now = Date.UTC(2026, 3, 1);
    await add([
      { phenomenonTime: Date.UTC(2026, 2, 28, 23), value: 1 },
      { phenomenonTime: Date.UTC(2026, 2, 29, 21, 59), value: 3 },
      { phenomenonTime: Date.UTC(2026, 2, 29, 22), value: 5 },
    ]);
    const { buckets } = await ask('?from=2026-03-28T23:00:00Z&to=2026-03-30T22:00:00Z&every=1d&aggregate=n,mean,max');
    expect(buckets).toEqual([
      { from: '2026-03-28T23:00:00.000Z', to: '2026-03-29T22:00:00.000Z', n: 2, mean: 2, max: 3 },
      { from: '2026-03-29T22:00:00.000Z', to: '2026-03-30T22:00:00.000Z', n: 1, mean: 5, max: 5 },
    ]);
    const months = await ask('?from=2025-12-31T23:00:00Z&to=2026-03-31T22:00:00Z&every=1mo&aggregate=n');
    expect(months.buckets.map(({ from, n }) => [from, n])).toEqual([
      ['2025-12-31T23:00:00.000Z', 0],
      ['2026-01-31T23:00:00.000Z', 0],
      ['2026-02-28T23:00:00.000Z', 6],
    ]);
  });

  it('count failed values in n only, unless they are asked for', async () => {
    await add([{ phenomenonTime: NOW - 30 * MINUTE, value: 100, flag: 4, tests: 1 }]);
    const span = '?from=2026-03-02T11:00:00Z&to=2026-03-02T12:00:00Z&every=1h';
    expect((await ask(span)).buckets).toMatchObject([{ n: 2, mean: 0.3, max: 0.3, sum: 0.3, first: 0.3, last: 0.3 }]);
    expect((await ask(`${span}&quality=all&aggregate=max`)).buckets).toEqual([expect.objectContaining({ max: 100 })]);
  });

  it('come in pages that join without gap or overlap', async () => {
    const pages = await follow('?every=1h&aggregate=n&limit=5');
    const buckets = pages.flatMap((page) => page.buckets);
    expect(pages.length).toBe(5);
    expect(buckets).toEqual((await ask('?every=1h&aggregate=n')).buckets);
    expect(buckets).toHaveLength(24);
    const weeks = await follow('?from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z&every=1w&aggregate=n&limit=3');
    expect(weeks.flatMap((page) => page.buckets)).toHaveLength(9);
  });
});
