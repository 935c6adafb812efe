import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { addDeprecation, type Deprecated } from './deprecation.ts';

const make = (deprecated: Deprecated) => {
  const app = Fastify();
  addDeprecation(app);
  app.get('/old', { config: { deprecated } }, async (request, reply) => {
    if (request.headers['x-fail'] !== undefined) throw new Error('no');
    return reply.header('link', '</old?cursor=2>; rel="next"').send({});
  });
  app.get('/new', async () => ({}));
  return app;
};

describe('a deprecated route', () => {
  it('says since when, until when and what comes next, beside its own links', async () => {
    const app = make({ since: '2026-03-02', sunset: '2026-12-31T12:00:00Z', successor: '/api/v2/things' });
    const { headers } = await app.inject('/old');
    expect(headers.deprecation).toBe('@1772409600');
    expect(headers.sunset).toBe('Thu, 31 Dec 2026 12:00:00 GMT');
    expect(headers.link).toBe('</old?cursor=2>; rel="next", </api/v2/things>; rel="successor-version"');
    const failed = await app.inject({ url: '/old', headers: { 'x-fail': '1' } });
    expect(failed.statusCode).toBe(500);
    expect(failed.headers).toMatchObject({ deprecation: '@1772409600', link: expect.stringContaining('successor') });
    expect((await app.inject('/new')).headers).not.toHaveProperty('deprecation');
    await app.close();
  });

  it('may be without an end, but not end sooner than promised', async () => {
    const app = make({ since: '2026-03-02' });
    expect((await app.inject('/old')).headers).not.toHaveProperty('sunset');
    expect(() => make({ since: '2026-03-02', sunset: '2026-08-01' })).toThrow('180 days');
    expect(() => make({ since: 'soon' })).toThrow('no day');
    await app.close();
  });
});
