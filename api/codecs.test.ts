import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probeCodec } from '../test/support/foreign-codec.ts';
import { createTestApi, type TestApi } from './testing.ts';

describe('codecs', () => {
  let api: TestApi;
  let headers: Record<string, string>;
  beforeEach(async () => {
    api = await createTestApi();
    headers = await api.token('operator');
  });
  afterEach(() => api.app.close());

  const post = (url: string, payload?: object, asker = headers) =>
    api.app.inject({ method: 'POST', url: `/api/v1${url}`, headers: asker, ...(payload && { payload }) });

  it('are uploaded, listed with their versions, and read back', async () => {
    const answer = await post('/codecs', probeCodec());
    expect(answer.statusCode).toBe(201);
    expect(answer.headers.location).toBe('/api/v1/codecs/custom/probe-7/1');
    expect(answer.json()).toEqual({ profile: 'custom/probe-7', version: 1, vectors: 1, active: true });
    expect((await post('/codecs', probeCodec({ scale: 2 }))).json()).toMatchObject({ version: 2, active: false });
    const first = { profile: 'custom/probe-7', version: 1, active: true, createdAt: '2026-03-02T12:00:00.000Z' };
    for (const path of ['/codecs', '/codecs/custom/probe-7']) {
      expect((await api.get(path, headers)).json()).toMatchObject({ items: [{ version: 2, active: false }, first] });
    }
    const stored = (await api.get('/codecs/custom/probe-7/1', headers)).json<{ createdBy: string; upload: unknown }>();
    expect(stored).toMatchObject({ ...first, upload: probeCodec() });
    expect(stored.createdBy).toMatch(/^[A-Za-z0-9_-]{6,}$/);
    expect((await api.get('/codecs/custom/nothing', headers)).statusCode).toBe(404);
    expect((await api.get('/codecs/custom/probe-7/3', headers)).statusCode).toBe(404);
  });

  it('bring their profile into the catalogue', async () => {
    expect((await api.get('/device-profiles/custom-probe-7')).statusCode).toBe(404);
    await post('/codecs', probeCodec());
    expect((await api.get('/device-profiles/custom-probe-7')).json()).toMatchObject({ version: '1.0.0+1' });
    expect((await api.get('/device-profiles?vendor=custom')).json()).toMatchObject({ items: [{ model: 'probe-7' }] });
  });

  it('can be tried first', async () => {
    const tried = await post('/codecs?dryRun=true', probeCodec());
    expect([tried.statusCode, tried.json<{ version: number }>().version]).toEqual([200, 1]);
    expect((await api.get('/codecs', headers)).json()).toEqual({ items: [] });
  });

  it('are activated after a comparison', async () => {
    await post('/codecs', probeCodec());
    await post('/codecs', probeCodec({ scale: 2 }));
    const path = '/codecs/custom/probe-7/2/activate';
    const compared = await post(`${path}?dryRun=true&since=2026-03-01T00:00:00Z`);
    expect(compared.statusCode).toBe(202);
    expect(compared.json()).toMatchObject({
      scope: { profile: 'custom/probe-7' },
      dryRun: true,
      since: '2026-03-01T00:00:00.000Z',
      reason: 'codec version 2',
    });
    expect(compared.headers.location).toMatch(/^\/api\/v1\/reprocess\/job-/);
    expect((await api.get('/device-profiles/custom-probe-7')).json()).toMatchObject({ version: '1.0.0+1' });
    expect((await post(path)).json()).toMatchObject({ dryRun: false, since: '1970-01-01T00:00:00.000Z' });
    expect((await api.get('/device-profiles/custom-probe-7')).json()).toMatchObject({ version: '1.0.0+2' });
    expect((await post(path)).json()).toMatchObject({ code: 'HUB_CONFLICT', status: 409 });
    expect((await post('/codecs/custom/probe-7/9/activate')).statusCode).toBe(404);
  });

  it('are refused with what is wrong, without a word of the script', async () => {
    const { vectors, ...rest } = probeCodec();
    const wrong = { ...rest, vectors: vectors.map((vector) => ({ ...vector, expected: { TempC: 7 } })) };
    expect((await post('/codecs', wrong)).json()).toMatchObject({
      status: 422,
      code: 'HUB_CODEC_VECTORS',
      faults: [{ path: 'vectors[0].expected.TempC' }],
    });
    const incomplete = await post('/codecs', { ...probeCodec(), vectors: [] });
    expect(incomplete.json()).toMatchObject({ status: 400, code: 'HUB_REQUEST_INVALID' });
    expect(incomplete.body).not.toContain('decodeUplink');
    const long = await post('/codecs', { ...probeCodec(), script: 'x'.repeat(3_000_000) });
    expect(long.statusCode).toBe(413);
  });

  it('are for operators of the whole region', async () => {
    api.put('municipality', { id: 'm', name: 'M', key: '01057001' });
    const asked = async (asker: Record<string, string>) => [
      (await post('/codecs', probeCodec(), asker)).statusCode,
      (await api.get('/codecs', asker)).statusCode,
      (await api.get('/codecs/custom/probe-7/1', asker)).statusCode,
      (await post('/codecs/custom/probe-7/1/activate', undefined, asker)).statusCode,
    ];
    expect(await asked({})).toEqual([401, 401, 401, 401]);
    expect(await asked(await api.token('planner'))).toEqual([403, 403, 403, 403]);
    expect(await asked(await api.token('operator', 'm'))).toEqual([403, 403, 403, 403]);
    expect((await api.get('/codecs', await api.token('admin'))).statusCode).toBe(200);
  });
});
