import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApi, NOW, type TestApi } from './testing.ts';

let api: TestApi;
const open = async (options: Parameters<typeof createTestApi>[0] = {}) => {
  api = await createTestApi(options);
};
beforeEach(() => open());
afterEach(() => api.app.close());

describe('health', () => {
  it('is ready when every part is', async () => {
    expect((await api.app.inject('/health')).json()).toEqual({
      status: 'ok',
      version: '0.0.0',
      demo: false,
      timeZone: 'Europe/Berlin',
    });
    expect((await api.app.inject('/ready')).json()).toMatchObject({
      ready: true,
      parts: [{ part: 'journal', detail: 'fine' }],
    });
  });

  it('says which part is not, and why only to those who keep it', async () => {
    await api.app.close();
    await open({
      states: [
        { part: 'journal', ready: false, detail: 'The disk /var/hub is full', since: NOW },
        { part: 'mqtt', ready: true, detail: '' },
      ],
    });
    const near = await api.app.inject('/ready');
    expect(near.statusCode).toBe(503);
    expect(near.headers['content-type']).toMatch(/problem\+json/);
    expect(near.json()).toMatchObject({
      code: 'HUB_UNAVAILABLE',
      parts: [{ part: 'journal', ready: false, detail: 'The disk /var/hub is full' }, { ready: true }],
    });
    const far = [
      { remoteAddress: '192.0.2.1' },
      { headers: { 'x-forwarded-for': '192.0.2.1' } },
      { headers: { via: '1.1 proxy' } },
    ];
    for (const from of far) {
      const answer = await api.app.inject({ url: '/ready', ...from });
      expect(answer.json()).toMatchObject({ status: 503, parts: [{ part: 'journal', ready: false }, {}] });
      expect(answer.body).not.toContain('/var/hub');
      expect((await api.app.inject({ url: '/metrics', ...from })).statusCode).toBe(401);
    }
    const reader = await api.token('reader');
    expect((await api.app.inject({ url: '/metrics', remoteAddress: '192.0.2.1', headers: reader })).statusCode).toBe(
      403,
    );
    const measures = await api.app.inject({
      url: '/metrics',
      remoteAddress: '192.0.2.1',
      headers: await api.token('operator'),
    });
    expect(measures.headers['content-type']).toMatch(/^text\/plain; version=/);
    expect(measures.body).toMatch(
      /^plietsch_http_request_duration_seconds_count\{route="\/ready",method="GET",status="503"\} 4$/m,
    );
  });
});
