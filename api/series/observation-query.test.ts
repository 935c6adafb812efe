import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR } from '../../model/time.ts';
import { createTestApi, fillRegion, NOW, observationOf, type TestApi } from '../testing.ts';

const ONE = '/datastreams/gauge-1.water_level/observations';

let api: TestApi;
beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
});
afterEach(() => api.app.close());

interface Decimated {
  readonly decimated: { readonly of: number };
  readonly observations: readonly { readonly phenomenonTime: string; readonly value: number }[];
}

describe('observations of one datastream', () => {
  it('are chosen by maxPoints in every format, and say from how many', async () => {
    const key = api.keys.get('gauge-1.water_level') ?? 0;
    const course = Array.from({ length: 200 }, (_, i) =>
      observationOf({
        datastream: key,
        phenomenonTime: NOW - 5 * HOUR + i * 60_000 - 1,
        value: i === 77 ? 99 : i % 10,
      }),
    );
    await api.stores.observations.append(course);
    const path = `${ONE}?maxPoints=12`;
    const { decimated, observations } = (await api.get(path)).json<Decimated>();
    expect(observations.length).toBeGreaterThan(6);
    expect(observations.map(({ value }) => value)).toContain(99);
    const csv = (await api.get(`${path}&format=csv&lang=de&decimal=point`)).body;
    expect(csv).toContain(`# Ausgewählt aus ${decimated.of} Beobachtungen (minmax)`);
    expect(csv).toContain(`# Ende: ${observations.length} Zeilen`);
    const cells = csv.split('\r\n').filter((line) => line.startsWith('gauge-1.'));
    const expected = observations.map(({ phenomenonTime, value }) => [phenomenonTime, String(value)]);
    expect(cells.map((row) => row.split(',').slice(5, 7))).toEqual(expected);
    const ndjson = (await api.get(`${path}&format=ndjson&decimate=lttb`)).body.trimEnd().split('\n');
    expect(JSON.parse(ndjson[0] ?? '')).toMatchObject({ decimated: { of: decimated.of, method: 'lttb' } });
    expect(JSON.parse(ndjson.at(-1) ?? '')).toMatchObject({ end: true, rows: ndjson.length - 2 });
    const parquet = await api.get(`${path}&format=parquet`);
    const rows = (await parquetReadObjects({ file: new Uint8Array(parquet.rawPayload).buffer })) as { value: number }[];
    expect(rows.map(({ value }) => value)).toEqual(observations.map(({ value }) => value));
    expect(parquet.headers).toMatchObject({ etag: expect.any(String), vary: expect.stringContaining('Accept') });
  });
});

describe('what contradicts itself', () => {
  it.each([
    ['maxPoints=10&every=1h', 'query.maxPoints'],
    ['maxPoints=10&limit=5', 'query.maxPoints'],
    ['maxPoints=1', 'query.maxPoints'],
    ['format=csv&order=descending', 'query.order'],
    ['every=1h&order=descending', 'query.order'],
    ['maxPoints=10&order=descending', 'query.order'],
    ['decimate=lttb', 'query.decimate'],
    ['aggregate=mean', 'query.aggregate'],
    ['aggregate=mean&format=csv', 'query.aggregate'],
    ['format=parquet&cursor=abc', 'query.cursor'],
    ['format=xml', 'query.format'],
    ['decimal=both', 'query.decimal'],
    ['limit=0', 'query.limit'],
    ['from=2026-03-02T12:00:00Z&to=2026-03-02T12:00:00Z', 'query.from'],
    ['aggregate=median', 'query.aggregate'],
    [`quality=${'pass,'.repeat(200)}`, 'query.quality'],
    ['colour=red', 'query.colour'],
  ])('is refused with the parameter: %s', async (query, path) => {
    const answer = await api.get(`${ONE}?${query}`);
    expect(answer.statusCode, answer.body).toBe(400);
    expect(answer.json<{ faults: { path: string }[] }>().faults[0]?.path).toBe(path);
  });

  it('is a span too long for so many datastreams', async () => {
    for (let i = 0; i < 130; i++) {
      api.put('datastream', {
        id: `meter-1.energy.c${i}`,
        key: 1_000 + i,
        thing: 'meter-1',
        property: 'energy',
        channel: `c${i}`,
        unit: 'kWh',
      });
    }
    const answer = await api.get('/observations?from=1900-01-01T00:00:00Z');
    expect(answer.statusCode, answer.body).toBe(400);
    expect(answer.json<{ faults: { path: string; hint: string }[] }>().faults[0]).toMatchObject({
      path: 'query.from',
      hint: expect.stringMatching(/at most \d+ days/),
    });
  });
});
