import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../model/time.ts';
import { searchAnswer } from '../routes/observation-search.ts';
import { observationsAnswer } from '../routes/observations.ts';
import { createTestApi, DEV_EUI, fillRegion, NOW, observationOf, type TestApi } from '../testing.ts';
import { expectNotTold } from '../testing-guesses.ts';

const ONE = '/datastreams/gauge-1.water_level/observations';

let api: TestApi;
let all: Record<string, string>;
beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
  all = await api.token('reader');
});
afterEach(() => api.app.close());

interface Item {
  readonly datastream: string;
  readonly phenomenonTime: string;
  readonly value: number | null;
}

interface Page {
  readonly items: Item[];
  readonly next?: string;
  readonly excluded: string[];
}

const search = async (query = '', headers?: Record<string, string>): Promise<Page> => {
  const answer = await api.get(`/observations${query}`, headers);
  expect(answer.statusCode, answer.body).toBe(200);
  return searchAnswer.parse(answer.json()) as unknown as Page;
};

const rowsOf = (csv: string): string[] => csv.split('\r\n').filter((line) => line !== '' && !line.startsWith('#'));
const namesOf = (page: Page): string[] => [...new Set(page.items.map(({ datastream }) => datastream))];

describe('observations of many datastreams', () => {
  it('are those of all that is seen, by datastream and time', async () => {
    const { items, excluded } = await search();
    expect(items.map(({ datastream, value }) => [datastream, value])).toEqual([
      ['gauge-1.water_level', 0.1],
      ['gauge-1.water_level', 0.2],
      ['gauge-1.water_level', 0.3],
      ['meter-1.energy', 1],
    ]);
    expect(excluded).toEqual(['fail', 'missing']);
    expect((await search('', all)).items).toHaveLength(16);
  });

  it('are filtered by time, place, municipality, use case, property, dataset, thing and quality', async () => {
    const key = api.keys.get('meter-1.energy') ?? 0;
    await api.stores.observations.append([
      observationOf({ datastream: key, phenomenonTime: NOW - 3 * HOUR, value: 7, flag: 4, tests: 1 }),
    ]);
    const names = async (query: string) => namesOf(await search(query, all));
    expect(await names('?municipality=wendtorf')).toEqual(['slot-wendtorf.fill_level']);
    expect(await names('?useCase=waste')).toEqual(['slot-laboe.fill_level', 'slot-wendtorf.fill_level']);
    expect(await names('?property=energy&kind=meter')).toEqual(['meter-1.energy']);
    expect(await names('?dataset=levels')).toEqual(['gauge-1.water_level']);
    expect(await names('?thing=slot-laboe')).toEqual(['slot-laboe.fill_level']);
    expect(await names('?bbox=10.225,54.405,10.285,54.43')).toEqual(['meter-1.energy', 'slot-laboe.fill_level']);
    const failed = await search('?quality=fail', all);
    expect(failed.items).toMatchObject([
      { datastream: 'meter-1.energy', value: 7, quality: 'fail', failedTests: ['grossRange'] },
    ]);
    expect(failed.excluded).toEqual(['pass', 'notEvaluated', 'suspect', 'missing']);
    const hour = await search('?from=2026-03-02T10:30:00Z&to=2026-03-02T11:30:00Z', all);
    expect(new Set(hour.items.map(({ phenomenonTime }) => phenomenonTime))).toEqual(
      new Set(['2026-03-02T10:59:00.000Z']),
    );
  });

  it('come in pages that join, in every format that has some', async () => {
    const whole = (await search('', all)).items;
    const pages: Item[] = [];
    for (let next: string | undefined = '/api/v1/observations?limit=5'; next !== undefined; ) {
      const page: Page = (await api.app.inject({ url: next, headers: all })).json<Page>();
      pages.push(...page.items);
      next = page.next;
      api.time.now += HOUR;
    }
    expect(pages).toEqual(whole);
    api.time.now = NOW;
    const lines: string[] = [];
    for (let next: string | undefined = '/api/v1/observations?format=csv&limit=5'; next !== undefined; ) {
      const answer: Awaited<ReturnType<typeof api.get>> = await api.app.inject({ url: next, headers: all });
      expect(answer.statusCode, answer.body).toBe(200);
      lines.push(...rowsOf(answer.body).slice(1));
      next = /<(.*)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1];
    }
    expect(lines).toHaveLength(whole.length);
    expect(new Set(lines).size).toBe(whole.length);
  });

  it('come in buckets, page by page', async () => {
    const query = '?every=1h&aggregate=n,max&from=2026-03-02T10:00:00Z&to=2026-03-02T12:00:00Z';
    const whole = (await search(query, all)).items;
    expect(whole.filter(({ datastream }) => datastream === 'slot-laboe.fill_level')).toMatchObject([
      { from: '2026-03-02T10:00:00.000Z', n: 1, max: 20, unit: '%' },
      { from: '2026-03-02T11:00:00.000Z', n: 1, max: 30 },
    ]);
    const pages: Item[] = [];
    for (let next: string | undefined = `/api/v1/observations${query}&limit=3`; next !== undefined; ) {
      const page: Page = (await api.app.inject({ url: next, headers: all })).json<Page>();
      pages.push(...page.items);
      next = page.next;
    }
    expect(pages).toEqual(whole);
    expect(whole).toHaveLength(12);
  });

  it('refuse cursors of other spans and lists', async () => {
    const { next = '' } = (await api.get('/observations?limit=2', all)).json<Page>();
    for (const wrong of [
      next.replace(/from=[^&]*/, 'from=2026-03-02T11:30:00Z'),
      next.replace(/cursor=/, 'cursor=A'),
    ]) {
      const answer = await api.app.inject({ url: wrong, headers: all });
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'HUB_CURSOR_INVALID']);
    }
  });
});

describe('tables', () => {
  it('are asked for by parameter or Accept, and say how the answer depends on it', async () => {
    for (const path of ['/observations', ONE]) {
      for (const [format, type] of [
        ['csv', 'text/csv; charset=utf-8; header=present'],
        ['ndjson', 'application/x-ndjson'],
        ['parquet', 'application/vnd.apache.parquet'],
      ] as const) {
        const byName = await api.get(`${path}?format=${format}`);
        const byAccept = await api.get(path, { accept: type.split(';')[0] ?? '' });
        for (const answer of [byName, byAccept]) {
          expect(answer.headers['content-type']).toBe(type);
          expect(answer.headers['content-disposition']).toMatch(
            new RegExp(`^attachment; filename="[\\w.-]+\\.${format}"$`),
          );
          expect(answer.headers.vary).toMatch(/Accept\b/i);
          expect(answer.headers).toHaveProperty('ratelimit-limit');
        }
        expect(byAccept.rawPayload).toEqual(byName.rawPayload);
      }
    }
  });

  it('hold the same rows in every format', async () => {
    const lines = (await api.get('/observations?format=ndjson&header=off', all)).body.trimEnd().split('\n');
    const { items } = await search('', all);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(items);
    expect(rowsOf((await api.get('/observations?format=csv', all)).body)).toHaveLength(items.length + 1);
    const { rawPayload } = await api.get('/observations?format=parquet', all);
    const rows = await parquetReadObjects({ file: new Uint8Array(rawPayload).buffer });
    expect(rows.map(({ datastream, value }) => [datastream, value])).toEqual(
      items.map(({ datastream, value }) => [datastream, value]),
    );
    const buckets = (await api.get(`${ONE}?format=csv&every=1d&aggregate=n,qualityShare&header=off`)).body;
    expect(buckets.split('\r\n').slice(0, 2)).toEqual([
      'datastream,thing,property,channel,unit,from,to,n,qualityShare',
      'gauge-1.water_level,gauge-1,water_level,,%,2026-03-01T12:00:00.000Z,2026-03-01T23:00:00.000Z,0,',
    ]);
  });

  it('are revalidated where they are small, and change with what is in them', async () => {
    for (const format of ['json', 'csv', 'parquet']) {
      const path = `${ONE}?from=2026-03-02T00:00:00Z&to=2026-03-02T12:00:00Z&format=${format}`;
      const { headers, statusCode } = await api.get(path);
      expect([statusCode, headers['cache-control']]).toEqual([200, 'no-cache']);
      const again = { 'if-none-match': String(headers.etag) };
      expect((await api.get(path, again)).statusCode).toBe(304);
      const key = api.keys.get('gauge-1.water_level') ?? 0;
      const held = await api.stores.observations.at(key, NOW - MINUTE);
      await api.stores.observations.qualify([{ ...observationOf({ datastream: key }), ...held, flag: 3, tests: 4 }]);
      expect((await api.get(path, again)).statusCode).toBe(200);
      await api.stores.observations.qualify([{ ...observationOf({ datastream: key }), ...held, flag: 1, tests: 0 }]);
    }
  });

  it('say in every format which values are withheld, and which are missing', async () => {
    const counts = {
      ...api.registry.require('dataset', 'levels'),
      members: { properties: ['visitors'] },
      smallestCount: 3,
    };
    api.put('dataset', counts);
    api.put('datastream', { id: 'gauge-1.visitors', key: 50, thing: 'gauge-1', property: 'visitors', unit: '{count}' });
    await api.stores.observations.append([
      observationOf({ datastream: 50, value: 2, phenomenonTime: NOW - 3 * MINUTE }),
      observationOf({ datastream: 50, value: null, phenomenonTime: NOW - 2 * MINUTE }),
      observationOf({ datastream: 50, value: 5, phenomenonTime: NOW - MINUTE }),
    ]);
    const path = '/datastreams/gauge-1.visitors/observations?quality=all';
    const json = observationsAnswer.parse((await api.get(path)).json());
    expect(json).toMatchObject({
      observations: [
        { value: null, withheld: true, quality: 'pass' },
        { value: null, quality: 'missing' },
        { value: 5 },
      ],
    });
    expect((json as unknown as { observations: object[] }).observations[1]).not.toHaveProperty('withheld');
    const cells = rowsOf((await api.get(`${path}&format=csv`)).body).map((row) => row.split(',').slice(6).join());
    expect(cells.slice(1)).toEqual([',1,pass,,true', ',9,missing,,false', '5,1,pass,,false']);
    const buckets = (
      await api.get(`${path}&every=1h&aggregate=n,sum,withheld&from=2026-03-02T11:00:00Z`)
    ).json<object>();
    expect(buckets).toMatchObject({ buckets: [{ n: 3, sum: 5, withheld: 1 }] });
    const few = (await api.get(`${path}&maxPoints=10`)).json<object>();
    expect(few).toMatchObject({ decimated: { of: 3 }, observations: [{ value: 5 }] });
    for (const one of ['/observations?quality=all', '/observations?quality=all&format=ndjson', '/latest']) {
      expect((await api.get(one)).body).not.toMatch(/"value":2\b/);
    }
  });

  it('refuse more than one answer may hold before they begin', async () => {
    await api.app.close();
    api = await createTestApi({ config: { maxExportRows: 10_000 } });
    await fillRegion(api);
    const key = api.keys.get('gauge-1.water_level') ?? 0;
    const many = Array.from({ length: 25_000 }, (_, i) =>
      observationOf({ datastream: key, phenomenonTime: NOW - 20 * HOUR + i * 1_000, value: i }),
    );
    await api.stores.observations.append(many);
    for (const path of ['/observations', ONE]) {
      const answer = await api.get(`${path}?format=csv`);
      expect(answer.statusCode).toBe(400);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      const { faults } = answer.json<{ faults: { path: string; hint: string }[] }>();
      expect(faults[0]).toMatchObject({ path: 'query.to', hint: expect.stringContaining('/dumps/') });
    }
    // Empty buckets are rows too.
    for (const path of ['/observations', ONE]) {
      const answer = await api.get(`${path}?format=csv&every=1s&from=2026-02-01T00:00:00Z`);
      expect(answer.statusCode, answer.body.slice(0, 300)).toBe(400);
      expect(answer.json<{ faults: object[] }>().faults).toMatchObject([{ path: 'query.every' }]);
    }
    // In pages it can be had all the same.
    expect(rowsOf((await api.get(`${ONE}?format=csv&limit=100`)).body)).toHaveLength(101);
  });
});

describe('nothing private', () => {
  const secrets = ['slot-laboe', 'slot-wendtorf', 'wendtorf', DEV_EUI, 'device-', 'air_temperature', '"waste"'];

  it('stands in any format, count or error', async () => {
    for (const path of [
      '/observations?quality=all',
      '/observations?quality=all&format=csv&lang=de',
      '/observations?quality=all&format=ndjson',
      '/observations?quality=all&format=parquet',
      '/observations?every=1d',
      '/observations?every=1d&format=csv',
      '/latest?limit=all&format=geojson',
      `${ONE}?format=csv`,
    ]) {
      const { rawPayload } = await api.get(path);
      for (const secret of secrets) expect(`${path}: ${rawPayload.toString('latin1')}`).not.toContain(secret);
    }
    const guesses = [
      ['/observations?thing=#', 'slot-laboe', 'slot-nowhere'],
      ['/observations?dataset=#', 'waste', 'nothing'],
      ['/observations?municipality=#&format=csv', 'wendtorf', 'nowhere'],
      ['/observations?dataset=#&format=csv&header=off', 'waste', 'nothing'],
      ['/latest?dataset=#', 'waste', 'nothing'],
      ['/datastreams/#/observations?format=csv', 'slot-laboe.fill_level', 'slot-nowhere.fill_level'],
    ] as const;
    await expectNotTold(api, guesses);
  });

  it('is counted: a limit is met by what is seen only', async () => {
    await api.app.close();
    api = await createTestApi({ config: { maxExportRows: 1 } });
    await fillRegion(api);
    const key = api.keys.get('slot-laboe.fill_level') ?? 0;
    await api.stores.observations.append(
      Array.from({ length: 21_000 }, (_, i) => observationOf({ datastream: key, phenomenonTime: NOW - i * 1_000 - 7 })),
    );
    expect((await api.get('/observations?format=csv')).statusCode).toBe(200);
    expect((await api.get('/observations?format=csv', await api.token('reader'))).statusCode).toBe(400);
  });
});
