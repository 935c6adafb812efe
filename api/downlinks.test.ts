import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApi, DEV_EUI, type TestApi } from './testing.ts';

describe('downlinks', () => {
  let api: TestApi;
  beforeEach(async () => {
    api = await createTestApi();
    api.put('device', { id: DEV_EUI, profile: 'milesight/em400-tld' });
  });
  afterEach(() => api.app.close());

  const post = async (payload: object, headers?: Record<string, string>, device = DEV_EUI) =>
    api.app.inject({
      method: 'POST',
      url: `/api/v1/devices/${device}/downlinks`,
      headers: headers ?? (await api.token('operator')),
      payload,
    });

  it('are taken from operators, say who gave them, and can be looked up', async () => {
    const answer = await post({ data: { reboot: 'yes' }, confirmed: true });
    expect(answer.statusCode).toBe(202);
    const order = answer.json<{ id: string; history: { by: string }[] }>();
    expect(order).toMatchObject({ device: DEV_EUI, state: 'queued', data: { reboot: 'yes' }, confirmed: true });
    expect(order.history[0]?.by).toMatch(/^[A-Za-z0-9_-]{6,}$/);
    expect(answer.headers.location).toBe(`/api/v1/downlinks/${order.id}`);
    const headers = await api.token('admin');
    expect((await api.get(`/downlinks/${order.id}`, headers)).json()).toMatchObject({ id: order.id });
    expect((await api.get('/downlinks/nothing', headers)).statusCode).toBe(404);
  });

  it('are listed page by page', async () => {
    for (const hex of ['01', '02', '03']) await post({ fPort: 9, hex });
    const headers = await api.token('operator');
    const first = (await api.get(`/downlinks?limit=2&device=${DEV_EUI}`, headers)).json<{
      items: { hex: string }[];
      next: string;
    }>();
    expect(first.items.map(({ hex }) => hex)).toEqual(['03', '02']);
    const rest = await api.app.inject({ url: first.next, headers });
    expect(rest.json()).toMatchObject({ items: [{ hex: '01' }] });
  });

  it('can be tried first', async () => {
    const tried = await post({ data: { reboot: 'yes' }, dryRun: true });
    expect(tried.statusCode).toBe(200);
    expect(tried.headers.location).toBeUndefined();
    expect((await api.get('/downlinks', await api.token('operator'))).json()).toEqual({ items: [] });
  });

  it.each([
    ['neither data nor bytes', {}],
    ['half a byte', { fPort: 1, hex: 'abc' }],
    ['a port of its own', { fPort: 0, hex: 'ab' }],
  ])('are refused with %s', async (_, payload) => {
    expect((await post(payload)).statusCode).toBe(400);
  });

  it('are refused for strangers, readers, planners, operators of one municipality, and unknown devices', async () => {
    api.put('municipality', { id: 'm', name: 'M', key: '01057001' });
    const payload = { fPort: 1, hex: '00' };
    expect((await post(payload, {})).statusCode).toBe(401);
    expect((await post(payload, await api.token('reader'))).statusCode).toBe(403);
    expect((await post(payload, await api.token('planner'))).statusCode).toBe(403);
    expect((await post(payload, await api.token('operator', 'm'))).statusCode).toBe(403);
    expect((await post(payload, undefined, 'ffffffffffffffff')).statusCode).toBe(404);
  });
});
