import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MINUTE } from '../../model/time.ts';
import { oidcConfigSchema } from '../oidc/oidc-config.ts';
import { startIssuer } from '../oidc/testing.ts';
import { createTestApi, createTestKeeper, fillRegion, LOCAL_CREDENTIAL, NOW, type TestApi } from '../testing.ts';

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

describe('keys for open data', () => {
  it('see what everybody sees, and no more', async () => {
    const key = await api.token('public');
    expect((await api.get('/things', key)).body).toBe((await api.get('/things')).body);
    expect((await api.get('/latest', key)).body).toBe((await api.get('/latest')).body);
    expect(await statusOf('/things/slot-laboe', key)).toBe(404);
    const refused = await api.get('/devices', key);
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([403, 'HUB_AUTH_FORBIDDEN']);
    expect((await api.app.inject({ url: '/metrics', headers: key, remoteAddress: '192.0.2.1' })).statusCode).toBe(401);
  });
});

describe('rotation', () => {
  const rotate = (id: string, overlapHours: number, headers: Record<string, string> = local) =>
    api.app.inject({ method: 'POST', url: `/api/v1/tokens/${id}/rotate`, headers, payload: { overlapHours } });
  interface Token {
    readonly id: string;
    readonly name: string;
    readonly role: string;
    readonly municipality?: string;
    readonly expiresAt?: string;
    readonly token: string;
  }
  const tokens = async () => (await api.get('/tokens', local)).json<{ items: Token[] }>().items;

  it('gives a successor with the same rights, and lets the old one hold on for a while', async () => {
    const old = await api.token('operator', 'laboe');
    const [{ id }] = (await tokens()) as [Token];
    const answer = await rotate(id, 2);
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([201, 'no-store']);
    const successor = answer.json<Token>();
    expect(successor).toMatchObject({ name: 'operator', role: 'operator', municipality: 'laboe' });
    expect(successor.id).not.toBe(id);
    const fresh = bearer(successor.token);
    expect([await statusOf('/devices', old), await statusOf('/devices', fresh)]).toEqual([200, 200]);
    expect((await tokens()).find((one) => one.id === id)?.expiresAt).toBe(new Date(NOW + 120 * MINUTE).toISOString());
    api.time.now = NOW + 120 * MINUTE;
    expect([await statusOf('/devices', old), await statusOf('/devices', fresh)]).toEqual([401, 200]);
    expect((await rotate(id, 2)).statusCode).toBe(409);
    expect((await rotate('none', 2)).statusCode).toBe(404);
  });

  it('ends the old one at once where asked to, and never makes it live longer', async () => {
    const old = await api.token('reader');
    const [{ id }] = (await tokens()) as [Token];
    await rotate(id, 0);
    expect(await statusOf('/devices', old)).toBe(401);
    const expiresAt = new Date(NOW + MINUTE).toISOString();
    const payload = { role: 'reader', expiresAt };
    const made = await api.app.inject({ method: 'POST', url: '/api/v1/tokens', headers: local, payload });
    const brief = made.json<Token>();
    expect((await rotate(brief.id, 24)).json<Token>().expiresAt).toBe(expiresAt);
    expect((await tokens()).find((one) => one.id === brief.id)?.expiresAt).toBe(expiresAt);
    expect((await rotate(brief.id, 24, await api.token('operator'))).statusCode).toBe(403);
  });
});

describe('tokens of an issuer', () => {
  it('open what their role and municipality open, beside those of the hub', async () => {
    const issuer = await startIssuer();
    await issuer.addKey('one');
    const oidc = oidcConfigSchema.parse({ issuer: issuer.issuer, audience: 'plietsch', municipalityClaim: 'ort' });
    const other = await createTestApi({ config: { oidc } });
    await fillRegion(other);
    const sign = async (claims: object) => bearer(await issuer.sign('one', { at: NOW, claims }));
    const status = async (url: string, headers: Record<string, string>) => (await other.get(url, headers)).statusCode;
    const admin = await sign({ roles: ['plietsch-admin'], ort: '*' });
    const operator = await sign({ roles: ['plietsch-operator'], ort: 'laboe' });
    const nobody = await sign({ sub: 'eve' });
    expect(await status('/tokens', admin)).toBe(200);
    expect(await status('/tokens', operator)).toBe(403);
    expect(await status('/things/slot-laboe', operator)).toBe(200);
    expect(await status('/things/slot-wendtorf', operator)).toBe(404);
    expect(await status('/things/slot-laboe', nobody)).toBe(404);
    expect(await status('/devices', nobody)).toBe(403);
    expect(await status('/devices', await other.token('reader'))).toBe(200);
    other.time.now = NOW + 306_000;
    expect(await status('/latest', admin)).toBe(401);
    other.time.now = NOW;
    await issuer.stop();
    expect(await status('/tokens', admin)).toBe(200);
    await other.app.close();
    // Nobody's fault but the issuer's: not called wrong, nor counted as a guess.
    const fresh = await createTestApi({ config: { oidc } });
    for (let i = 0; i < 20; i++) {
      const away = await fresh.get('/latest', admin);
      expect([away.statusCode, away.headers['retry-after']]).toEqual([503, '5']);
    }
    await fresh.app.close();
  });

  it('are wrong tokens where no issuer is configured', async () => {
    const issuer = await startIssuer();
    await issuer.addKey('one');
    expect(await statusOf('/latest', bearer(await issuer.sign('one', { at: NOW })))).toBe(401);
    expect(issuer.asked).toEqual([]);
    await issuer.stop();
  });
});
