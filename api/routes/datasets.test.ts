import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestApi, fillRegion, type TestApi } from '../testing.ts';

let api: TestApi;
beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
  // One dataset over two municipalities, published by the district.
  api.put('dataset', {
    id: 'region',
    title: { de: 'Alles', en: 'All' },
    description: { de: 'Alles', en: 'All' },
    publisher: 'ploen',
    licence: 'CC0-1.0',
    themes: ['ENVI'],
    hvdCategory: 'meteorological',
    visibility: 'delayed',
    delayMinutes: 30,
    members: {
      kinds: ['container_slot'],
      things: ['slot-laboe', 'slot-wendtorf'],
      municipalities: ['laboe', 'wendtorf'],
    },
    perMunicipality: { wendtorf: { visibility: 'private' } },
  });
});
afterEach(() => api.app.close());

const decide = (
  municipality: string,
  payload: object | undefined,
  headers: Record<string, string>,
  dataset = 'region',
) =>
  api.app.inject({
    method: payload ? 'PUT' : 'DELETE',
    url: `/api/v1/datasets/${dataset}/publication/${municipality}`,
    headers,
    ...(payload && { payload }),
  });
const streamsFor = async (headers = {}) =>
  (await api.get('/datastreams?property=fill_level', headers))
    .json<{ items: { id: string; delayMinutes: number }[] }>()
    .items.map(({ id, delayMinutes }) => [id, delayMinutes]);

describe('publication by municipality', () => {
  it('is decided by its operator, holds at once, and is taken back', async () => {
    const info = vi.spyOn(api.deps.logger, 'info');
    const headers = await api.token('operator', 'laboe');
    expect(await streamsFor()).toEqual([['slot-laboe.fill_level', 30]]);
    const open = await decide('laboe', { visibility: 'open' }, headers);
    expect(open.json()).toEqual({
      dataset: 'region',
      municipality: 'laboe',
      visibility: 'open',
      delayMinutes: 0,
      follows: false,
    });
    expect(await streamsFor()).toEqual([['slot-laboe.fill_level', 0]]);
    // What another municipality decided stays.
    expect(api.registry.get('dataset', 'region')?.perMunicipality).toEqual({
      wendtorf: { visibility: 'private', delayMinutes: 0 },
      laboe: { visibility: 'open', delayMinutes: 0 },
    });
    expect(info).toHaveBeenCalledWith(
      expect.objectContaining({ dataset: 'region', municipality: 'laboe', visibility: 'open', by: expect.any(String) }),
      'publication of a dataset decided',
    );
    await decide('laboe', { visibility: 'private' }, headers);
    expect(await streamsFor()).toEqual([]);
    const back = await decide('laboe', undefined, headers);
    expect(back.json()).toMatchObject({ visibility: 'delayed', delayMinutes: 30, follows: true });
    expect(await streamsFor()).toEqual([['slot-laboe.fill_level', 30]]);
  });

  it('loses no decision when many come at once', async () => {
    const headers = await api.token('operator');
    await Promise.all(
      ['laboe', 'stein', 'wendtorf', 'ploen'].map((id) =>
        decide(id, { visibility: 'delayed', delayMinutes: 7 }, headers),
      ),
    );
    expect(Object.keys(api.registry.get('dataset', 'region')?.perMunicipality ?? {}).sort()).toEqual([
      'laboe',
      'ploen',
      'stein',
      'wendtorf',
    ]);
  });

  it.each([
    ['nobody', undefined, 'laboe', 'region', 401],
    ['a reader', ['reader', 'laboe'], 'laboe', 'region', 403],
    ['an operator of another municipality', ['operator', 'stein'], 'laboe', 'region', 403],
    ['an operator, of a dataset that is none of theirs', ['operator', 'stein'], 'stein', 'waste', 404],
    ['an operator, of no dataset', ['operator'], 'laboe', 'nothing', 404],
    ['an operator, of no municipality', ['operator'], 'atlantis', 'region', 404],
  ] as const)('is refused to %s', async (_who, token, municipality, dataset, status) => {
    const headers = token ? await api.token(token[0], token[1]) : {};
    const before = api.registry.version;
    expect((await decide(municipality, { visibility: 'open' }, headers, dataset)).statusCode).toBe(status);
    expect((await decide(municipality, undefined, headers, dataset)).statusCode).toBe(status);
    expect(api.registry.version).toBe(before);
  });

  it.each([
    [{}, 'body.visibility'],
    [{ visibility: 'secret' }, 'body.visibility'],
    [{ visibility: 'delayed' }, 'body.delayMinutes'],
    [{ visibility: 'delayed', delayMinutes: -1 }, 'body.delayMinutes'],
    [{ visibility: 'open', licence: 'CC0-1.0' }, 'body.licence'],
  ])('names what is wrong in %j', async (payload, path) => {
    const answer = await decide('laboe', payload, await api.token('operator'));
    expect([answer.statusCode, answer.json<{ faults: { path: string }[] }>().faults[0]?.path]).toEqual([400, path]);
  });
});

describe('membership', () => {
  const ids = async (path: string, headers = {}) =>
    (await api.get(path, headers)).json<{ items: { id: string }[] }>().items.map(({ id }) => id);

  it('is unknown where a municipality keeps its things out of a dataset, though another shows them', async () => {
    const waste = api.registry.require('dataset', 'waste');
    api.put('dataset', { ...waste, visibility: 'open' });
    const all = ['slot-laboe.fill_level', 'slot-wendtorf.fill_level'];
    expect(await ids('/datastreams?dataset=waste')).toEqual(all);
    expect(await ids('/datastreams?dataset=region')).toEqual(all.slice(0, 1));
    const latest = await api.get('/latest?dataset=region');
    expect(latest.body).toContain('slot-laboe');
    expect(latest.body).not.toContain('slot-wendtorf');
    expect(await ids('/datastreams?dataset=region', await api.token('reader', 'wendtorf'))).toEqual(all);
  });

  it('is known to the municipality whose things are in a private dataset, so that it can decide', async () => {
    api.put('dataset', { ...api.registry.require('dataset', 'region'), visibility: 'private', perMunicipality: {} });
    const headers = await api.token('operator', 'laboe');
    expect((await api.get('/datasets/region')).statusCode).toBe(404);
    expect((await api.get('/datasets/region', await api.token('operator', 'stein'))).statusCode).toBe(404);
    expect((await api.get('/datasets/region', headers)).statusCode).toBe(200);
    expect((await decide('laboe', { visibility: 'open' }, headers)).statusCode).toBe(200);
    expect(await streamsFor()).toEqual([['slot-laboe.fill_level', 0]]);
  });
});

describe('a dataset', () => {
  interface Shown {
    visibility: string;
    delayMinutes: number;
    perMunicipality: object;
    members: object;
    publications: object[];
  }
  const shown = async (headers = {}) => (await api.get('/datasets/region', headers)).json<Shown>();

  it('shows the public what it means for them, and nothing of what is kept back', async () => {
    const open = await shown();
    expect(open).toMatchObject({ visibility: 'delayed', delayMinutes: 30, perMunicipality: {} });
    expect(open.publications).toEqual([
      { municipality: 'laboe', visibility: 'delayed', delayMinutes: 30, datastreams: 1 },
    ]);
    expect(JSON.stringify(open)).not.toContain('wendtorf');
    expect((await shown(await api.token('reader', 'laboe'))).perMunicipality).toEqual({});
    expect((await shown(await api.token('reader', 'ploen'))).perMunicipality).toHaveProperty('wendtorf');
    expect((await shown(await api.token('reader'))).perMunicipality).toHaveProperty('wendtorf');
  });

  it('that is private but for one municipality looks open', async () => {
    const { perMunicipality: _none, ...dataset } = api.registry.get('dataset', 'waste') ?? {};
    api.put('dataset', { ...dataset, perMunicipality: { laboe: { visibility: 'open' } } });
    const list = async (query: string) =>
      (await api.get(`/datasets?${query}`)).json<{ items: { id: string }[] }>().items.map(({ id }) => id);
    expect((await api.get('/datasets/waste')).json()).toMatchObject({ visibility: 'open', delayMinutes: 0 });
    expect(await list('visibility=private')).toEqual([]);
    expect(await list('visibility=open')).toEqual(['levels', 'waste']);
  });

  it('is found by theme, licence and category', async () => {
    const ids = async (query: string) =>
      (await api.get(`/datasets?${query}`)).json<{ items: { id: string }[] }>().items.map(({ id }) => id);
    expect(await ids('theme=ENVI')).toEqual(['region']);
    expect(await ids('theme=TRAN')).toEqual([]);
    expect(await ids('licence=CC0-1.0')).toEqual(['region']);
    expect(await ids('licence=dl-de/by-2-0')).toEqual(['energy', 'levels']);
    expect(await ids('hvd=meteorological')).toEqual(['region']);
    expect((await api.get('/datasets?theme=FISH')).statusCode).toBe(400);
  });
});
