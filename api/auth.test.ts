import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MINUTE } from '../model/time.ts';
import { createTestApi, createTestKeeper, fillRegion, LOCAL_CREDENTIAL, NOW, type TestApi } from './testing.ts';

let api: TestApi;
beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
});
afterEach(() => api.app.close());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const local = bearer(LOCAL_CREDENTIAL);
const statusOf = async (url: string, headers: Record<string, string>) => (await api.get(url, headers)).statusCode;

describe('tokens', () => {
  it('are shown once, and kept as a hash', async () => {
    const { authorization = '' } = await api.token('operator');
    const secret = authorization.replace('Bearer ', '');
    expect(secret).toMatch(/^plt_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    const stored = JSON.stringify(await api.stores.accounts.tokens());
    expect(stored).not.toContain(secret.split('_').slice(2).join('_'));
    expect((await api.get('/tokens', local)).body).not.toContain('hash');
    expect(await statusOf('/books', { authorization })).toBe(200);
  });

  it('stop at once when they are revoked, and when they expire', async () => {
    const operator = await api.token('operator');
    const [{ id }] = (await api.get('/tokens', local)).json<{ items: [{ id: string }] }>().items;
    const gone = await api.app.inject({ method: 'DELETE', url: `/api/v1/tokens/${id}`, headers: local });
    expect([gone.statusCode, gone.body]).toEqual([204, '']);
    expect(await statusOf('/books', operator)).toBe(401);
    expect(await api.stores.accounts.tokens()).toEqual([]);
    const until = new Date(NOW + MINUTE).toISOString();
    const payload = { role: 'reader', expiresAt: until };
    const made = await api.app.inject({ method: 'POST', url: '/api/v1/tokens', headers: local, payload });
    const brief = bearer(made.json<{ token: string }>().token);
    expect(await statusOf('/devices', brief)).toBe(200);
    api.time.now = NOW + MINUTE;
    expect(await statusOf('/devices', brief)).toBe(401);
  });

  it('permit what their role permits', async () => {
    const reader = await api.token('reader');
    expect(await statusOf('/devices', reader)).toBe(200);
    expect(await statusOf('/books', reader)).toBe(403);
    const operator = await api.token('operator');
    expect(await statusOf('/region', operator)).toBe(200);
    const region = { method: 'POST', url: '/api/v1/region', payload: { entities: [] } } as const;
    expect((await api.app.inject({ ...region, headers: operator })).statusCode).toBe(403);
    expect((await api.app.inject({ ...region, headers: await api.token('admin') })).statusCode).toBe(200);
    const backup = { method: 'POST', url: '/api/v1/backup', payload: { file: '/backup.db' } } as const;
    expect((await api.app.inject({ ...backup, headers: await api.token('admin') })).statusCode).toBe(403);
    expect((await api.app.inject({ ...backup, headers: local })).json()).toEqual({ bytes: 1, head: 1 });
  });

  it('are never passed over: a wrong one is refused even where none is needed', async () => {
    expect(await statusOf('/latest', {})).toBe(200);
    expect(await statusOf('/latest', bearer('plt_0123456789abcdef_wrong'))).toBe(401);
    expect(await statusOf('/latest', { authorization: 'Basic YTpi' })).toBe(401);
  });

  it('note their use at most once a minute', async () => {
    const { accounts, keeper } = createTestKeeper(() => now);
    let now = NOW;
    const { info } = await keeper.create({ name: 'n', role: 'reader' });
    const used = async () => (await accounts.tokens())[0]?.lastUsedAt;
    await keeper.noteUse(info.id);
    expect(await used()).toBe(NOW);
    now = NOW + MINUTE - 1;
    await keeper.noteUse(info.id);
    expect(await used()).toBe(NOW);
    now = NOW + MINUTE;
    await keeper.noteUse(info.id);
    expect(await used()).toBe(now);
    await Promise.all([keeper.revoke(info.id), keeper.noteUse(info.id)]);
    expect(await accounts.tokens()).toEqual([]);
  });

  it('can be revoked again after the store failed', async () => {
    const { accounts, keeper } = createTestKeeper(() => NOW);
    const { info } = await keeper.create({ name: 'n', role: 'reader' });
    const remove = vi.spyOn(accounts, 'removeToken').mockRejectedValueOnce(new Error('disk'));
    await expect(keeper.revoke(info.id)).rejects.toThrow('disk');
    await keeper.revoke(info.id);
    expect(remove).toHaveBeenCalledTimes(2);
    expect([await keeper.list(), await accounts.tokens()]).toEqual([[], []]);
    await expect(keeper.revoke(info.id)).rejects.toMatchObject({ code: 'HUB_NOT_FOUND' });
  });

  it('are refused unread after too many guesses, from that address and for that token only', async () => {
    const { authorization = '' } = await api.token('operator');
    const guess = { authorization: authorization.replace(/.{8}$/, 'AAAAAAAA') };
    const limit = api.deps.config.failedLoginsPerMinute;
    for (let i = 0; i < limit; i++) expect(await statusOf('/latest', guess)).toBe(401);
    const refused = await api.get('/latest', guess);
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([429, 'HUB_REQUEST_RATE_LIMITED']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(await statusOf('/latest', { authorization })).toBe(429);
    expect(await statusOf('/latest', await api.token('reader'))).toBe(200);
    expect(await statusOf('/latest', {})).toBe(200);
    api.time.now = NOW + MINUTE;
    expect(await statusOf('/latest', { authorization })).toBe(200);
  });

  it('are not made for a municipality that does not exist, nor for the past', async () => {
    const create = (payload: object) =>
      api.app.inject({ method: 'POST', url: '/api/v1/tokens', headers: local, payload });
    expect((await create({ role: 'reader', municipality: 'nowhere' })).statusCode).toBe(404);
    expect((await create({ role: 'reader', expiresAt: '2020-01-01T00:00:00Z' })).json()).toMatchObject({
      status: 400,
      faults: [{ path: 'body.expiresAt' }],
    });
    expect((await create({ role: 'king' })).json()).toMatchObject({ faults: [{ path: 'body.role', hint: /reader/ }] });
  });
});

describe('requests', () => {
  it('are limited per client, with headers that say so', async () => {
    const small = await createTestApi({ config: { rateLimitPerMinute: 2 } });
    const first = await small.get('/latest');
    expect(first.headers['ratelimit-remaining']).toBe('1');
    await small.get('/latest');
    const third = await small.get('/latest');
    expect([third.statusCode, third.json<{ code: string }>().code]).toEqual([429, 'HUB_REQUEST_RATE_LIMITED']);
    expect(Number(third.headers['retry-after'])).toBeGreaterThan(0);
    // Others, and the local command line, are not held up.
    expect((await small.get('/latest', local)).statusCode).toBe(200);
    const elsewhere = await small.app.inject({ url: '/api/v1/latest', remoteAddress: '192.0.2.7' });
    expect(elsewhere.statusCode).toBe(200);
    await small.app.close();
  });

  it('to routes that others add with credentials of their own are left alone', async () => {
    const other = await createTestApi();
    other.app.post('/ingest/:network', async (request) => ({ credential: request.headers.authorization }));
    const answer = await other.app.inject({
      method: 'POST',
      url: '/ingest/north',
      headers: bearer('a-webhook-secret'),
    });
    expect(answer.json()).toEqual({ credential: 'Bearer a-webhook-secret' });
    await other.app.close();
  });
});
