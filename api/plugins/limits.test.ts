import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApi, fillRegion, LOCAL_CREDENTIAL, type TestApi } from '../testing.ts';

let api: TestApi;
beforeEach(async () => {
  api = await createTestApi({
    config: { rateLimitPerMinute: 10, keyRateLimitPerMinute: 50, failedLoginsPerMinute: 2 },
  });
  await fillRegion(api);
});
afterEach(() => api.app.close());

const ask = (url: string, more: object = {}) => api.app.inject({ url, ...more });
const left = (answer: { headers: Record<string, unknown> }) => Number(answer.headers['ratelimit-remaining']);

describe('limits', () => {
  it('are told on every answer, whatever it is', async () => {
    const { etag } = (await ask('/api/v1/things')).headers;
    const asked = [
      ['/api/v1/things', { headers: { 'if-none-match': String(etag) } }],
      ['/api/v1/things', { method: 'HEAD' }],
      ['/api/v1/things/none', {}],
      ['/api/v1/nothing', {}],
      ['/api/v1/things', { method: 'TRACE' }],
      ['/api/v1/things?limit=x', {}],
      ['/api/v1/devices', {}],
      ['/api/v1/things', { headers: { authorization: 'Bearer wrong' } }],
      ['/nowhere/at/all', {}],
    ] as const;
    const answers = [];
    for (const [url, more] of asked) answers.push(await ask(url, more));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([304, 200, 404, 404, 405, 400, 401, 401, 404]);
    for (const { headers } of answers) {
      expect(headers['ratelimit-limit']).toBe('10');
      expect(Number(headers['ratelimit-reset'])).toBeGreaterThan(0);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toBeDefined();
    }
    expect(answers.map(left)).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
    const over = await ask('/api/v1/things/none');
    expect([over.statusCode, left(over), over.headers['ratelimit-limit']]).toEqual([429, 0, '10']);
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
    expect(over.json<{ detail: string }>().detail).toContain('with a key');
  });

  it('are those of a key where one is sent, wherever it is used', async () => {
    const headers = await api.token('public');
    const first = await ask('/api/v1/things', { headers, remoteAddress: '192.0.2.1' });
    expect([first.headers['ratelimit-limit'], left(first)]).toEqual(['50', 49]);
    expect(left(await ask('/api/v1/things', { headers, remoteAddress: '192.0.2.2' }))).toBe(48);
    expect(left(await ask('/api/v1/things', { remoteAddress: '192.0.2.2' }))).toBe(9);
    const local = { authorization: `Bearer ${LOCAL_CREDENTIAL}` };
    expect((await ask('/api/v1/things', { headers: local })).headers['ratelimit-limit']).toBeUndefined();
  });

  it('count all addresses of one /64 together, and others apart', async () => {
    const from = (remoteAddress: string) => ask('/api/v1/things', { remoteAddress });
    expect(left(await from('2001:db8:1:2::1'))).toBe(9);
    expect(left(await from('2001:db8:1:2:ffff::9'))).toBe(8);
    expect(left(await from('2001:db8:1:3::1'))).toBe(9);
    expect(left(await from('::ffff:192.0.2.9'))).toBe(9);
    expect(left(await from('192.0.2.9'))).toBe(8);
  });

  it('of wrong tokens hold for a /64 too, and never for the command line of this machine', async () => {
    const guess = (authorization: string, remoteAddress: string) =>
      ask('/api/v1/things', { headers: { authorization }, remoteAddress });
    await guess('Bearer a', '2001:db8::1');
    await guess('Bearer b', '2001:db8::2');
    expect((await guess('Bearer c', '2001:db8::3')).statusCode).toBe(429);
    expect((await guess('Bearer c', '2001:db8:0:1::3')).statusCode).toBe(401);
    for (let i = 0; i < 4; i++) await guess('Bearer wrong', '127.0.0.1');
    expect((await guess('Bearer wrong', '127.0.0.1')).statusCode).toBe(429);
    expect((await guess(`Bearer ${LOCAL_CREDENTIAL}`, '127.0.0.1')).statusCode).toBe(200);
  });

  it('of wrong tokens hold for an address that tries ever new ones, but not for those it knows', async () => {
    const good = await api.token('reader');
    const statusOf = async (headers: object) =>
      (await ask('/api/v1/things', { headers, remoteAddress: '192.0.2.5' })).statusCode;
    expect(await statusOf(good)).toBe(200);
    for (let i = 0; i < 20; i++)
      await statusOf({ authorization: `Bearer plt_${i.toString(16).padStart(16, '0')}_${'A'.repeat(43)}` });
    expect(await statusOf({ authorization: `Bearer plt_${'f'.repeat(16)}_${'A'.repeat(43)}` })).toBe(429);
    expect(await statusOf(good)).toBe(200);
    expect(await statusOf(await api.token('operator'))).toBe(429);
  });
});
