import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, fillRegion, LOCAL_CREDENTIAL, type TestApi } from './testing.ts';

let api: TestApi;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plietsch-console-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>plietsch</title>');
  writeFileSync(join(folder, 'assets', 'app-1a2b.js'), 'export {};');
  writeFileSync(join(folder, '.secret'), 'x');
  api = await createTestApi({ consoleDir: folder });
  await fillRegion(api);
});
afterAll(async () => {
  await api.app.close();
  rmSync(folder, { recursive: true });
});

const local = { authorization: `Bearer ${LOCAL_CREDENTIAL}` };
const request = (method: string, url: string, more: object = {}) =>
  api.app.inject({ method: method as 'GET', url, ...more });

describe('problems', () => {
  it('are problem+json with code, title and path', async () => {
    const answer = await request('GET', '/api/v1/nothing?x=1');
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toEqual({
      type: 'urn:plietsch:problem:HUB_ROUTE_NOT_FOUND',
      title: 'No such resource path',
      status: 404,
      code: 'HUB_ROUTE_NOT_FOUND',
      detail: 'There is nothing at /api/v1/nothing',
      instance: '/api/v1/nothing',
    });
  });

  it.each([
    ['GET', '/api/v1/latest?limit=0', 400, 'HUB_REQUEST_INVALID'],
    ['GET', '/api/v1/latest?cursor=x', 400, 'HUB_CURSOR_INVALID'],
    ['GET', '/api/v1/things/%ZZ', 400, 'HUB_REQUEST_INVALID'],
    ['GET', `/api/v1/things/${'x'.repeat(400)}`, 404, 'HUB_ROUTE_NOT_FOUND'],
    ['GET', '/api/v1/things/none', 404, 'HUB_NOT_FOUND'],
    ['POST', '/api/v1/things', 405, 'HUB_METHOD_NOT_ALLOWED'],
    ['DELETE', '/api/v1/things/gauge-1', 405, 'HUB_METHOD_NOT_ALLOWED'],
    ['TRACE', '/api/v1/things', 405, 'HUB_METHOD_NOT_ALLOWED'],
    ['QUERY', '/api/v1/things', 405, 'HUB_METHOD_NOT_ALLOWED'],
    ['PROPFIND', '/health', 405, 'HUB_METHOD_NOT_ALLOWED'],
    ['GET', '/api/v1/backup', 405, 'HUB_METHOD_NOT_ALLOWED'],
    ['HEAD', '/api/v1/live', 405, ''],
  ])('%s %s: %i %s', async (method, url, status, code) => {
    const answer = await request(method, url);
    expect(answer.statusCode).toBe(status);
    if (method !== 'HEAD') expect(answer.json<{ code: string }>().code).toBe(code);
    if (status === 405) expect(answer.headers.allow).toMatch(/\b(GET|POST)\b/);
    expect(answer.body).not.toMatch(/\bat .*\.ts:|node_modules/);
  });

  it('name the parameter and what to write', async () => {
    const faults = async (url: string) => (await request('GET', `/api/v1${url}`)).json<{ faults: object[] }>().faults;
    expect(await faults('/latest?limit=1001&bbox=1,2,3&colour=red')).toEqual([
      { path: 'query.limit', message: expect.stringContaining('1000'), hint: 'not above 1000' },
      { path: 'query.bbox', message: expect.stringContaining('west,south,east,north') },
      { path: 'query.colour', message: 'there is no such parameter', hint: expect.any(String) },
    ]);
    expect(await faults('/things?kind=boat')).toMatchObject([{ path: 'query.kind', hint: /container_slot/ }]);
    expect(await faults('/datastreams/gauge-1.water_level/observations?from=yesterday&every=2d')).toMatchObject([
      { path: 'query.from', message: 'write a time as 2026-03-02T07:15:31Z' },
      { path: 'query.every', message: expect.stringContaining('1d') },
    ]);
    expect(
      await faults('/datastreams/gauge-1.water_level/observations?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z'),
    ).toMatchObject([{ path: 'query.from' }]);
  });

  it('cover bodies that are not JSON, too large, or of another type', async () => {
    const post = (payload: string, type: string) =>
      request('POST', '/api/v1/tokens', { payload, headers: { ...local, 'content-type': type } });
    const codeOf = async (answer: ReturnType<typeof post>) => {
      const { statusCode, json } = await answer;
      return [statusCode, json<{ code: string }>().code];
    };
    expect(await codeOf(post('{"role":', 'application/json'))).toEqual([400, 'HUB_REQUEST_INVALID']);
    expect(await codeOf(post(`"${'x'.repeat(70_000)}"`, 'application/json'))).toEqual([413, 'HUB_REQUEST_TOO_LARGE']);
    expect(await codeOf(post('<a/>', 'application/xml'))).toEqual([415, 'HUB_REQUEST_MEDIA_TYPE']);
    expect(await codeOf(post('{"role":"reader","__proto__":{"role":"admin"}}', 'application/json'))).toEqual([
      400,
      'HUB_REQUEST_INVALID',
    ]);
  });

  it('say nothing of what happened inside', async () => {
    const broken = await createTestApi({
      wrap: ({ observations }) => ({
        observations: { ...observations, latest: () => Promise.reject(new Error('secret path of a file')) } as never,
      }),
    });
    await fillRegion(broken);
    const answer = await broken.get('/latest');
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([500, 'HUB_INTERNAL']);
    expect(answer.body).not.toContain('secret');
    await broken.app.close();
  });
});

describe('headers', () => {
  it('are strict for the console, and the reference page has its own', async () => {
    const policy = String((await request('GET', '/')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    const docs = await request('GET', '/docs/');
    expect(String(docs.headers['content-security-policy'])).not.toMatch(/https?:/);
    expect(docs.body).not.toMatch(/(?:src|href)="https?:/);
    expect((await request('GET', '/docs/static/swagger-initializer.js')).body).toContain('"validatorUrl":null');
    expect((await request('GET', '/nowhere')).headers['content-security-policy']).toBe(policy);
    expect((await request('GET', '/docs')).headers['x-content-type-options']).toBe('nosniff');
  });

  it('let pages of other origins read, and not write', async () => {
    const headers = { origin: 'https://example.org' };
    expect((await request('GET', '/api/v1/latest', { headers })).headers['access-control-allow-origin']).toBe('*');
    const preflight = await request('OPTIONS', '/api/v1/region', {
      headers: { ...headers, 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers['access-control-allow-methods']).toBe('GET, HEAD');
    expect(preflight.headers['access-control-allow-credentials']).toBeUndefined();
  });
});

describe('the console', () => {
  it('is served at /, its named assets for ever', async () => {
    const page = await request('GET', '/');
    expect([page.statusCode, page.headers['content-type'], page.headers['cache-control']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ]);
    expect((await request('GET', '/assets/app-1a2b.js')).headers['cache-control']).toContain('immutable');
  });

  it.each(['/assets/app-0000.js', '/somewhere', '/.secret', '/..%2f..%2fetc%2fpasswd', '/%2e%2e/etc/passwd', '/a%00b'])(
    'answers %s by a problem, not by the start page',
    async (url) => {
      const answer = await request('GET', url);
      expect([400, 403, 404]).toContain(answer.statusCode);
      expect(answer.headers['content-type']).toMatch(/problem\+json/);
    },
  );
});

describe('ETags', () => {
  it('spare what is known already, in lists and with encodings', async () => {
    const first = await request('GET', '/api/v1/things');
    const { etag } = first.headers;
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    for (const match of [etag, `W/${String(etag)}`, `"other", ${String(etag)}`, '*']) {
      const again = await request('GET', '/api/v1/things', { headers: { 'if-none-match': match } });
      expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag]);
    }
    expect((await request('GET', '/api/v1/things', { headers: { 'if-none-match': '"other"' } })).statusCode).toBe(200);
    const url = '/api/v1/observed-properties';
    const packed = await request('GET', url, { headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.headers.etag).toMatch(/-gzip"$/);
    const known = await request('GET', url, {
      headers: { 'accept-encoding': 'gzip', 'if-none-match': String(packed.headers.etag) },
    });
    expect([known.statusCode, known.headers.etag]).toEqual([304, packed.headers.etag]);
    expect(String(packed.headers.vary)).toContain('accept-encoding');
  });

  it('leave what else an answer varies with', async () => {
    const choosy = await createTestApi({ config: { corsOrigins: ['https://a.example'] } });
    const { headers } = await choosy.get('/things', { origin: 'https://a.example' });
    expect(headers['access-control-allow-origin']).toBe('https://a.example');
    expect(String(headers.vary).split(/, */).sort()).toEqual(['Authorization', 'Origin']);
    await choosy.app.close();
  });

  it('differ with the data and with who asks', async () => {
    const before = (await request('GET', '/api/v1/things')).headers.etag;
    expect((await request('GET', '/api/v1/things', { headers: local })).headers.etag).not.toBe(before);
    api.put('thing', { ...api.registry.require('thing', 'gauge-1'), name: 'Renamed' });
    const answer = await request('GET', '/api/v1/things', { headers: { 'if-none-match': String(before) } });
    expect(answer.statusCode).toBe(200);
  });
});

interface Operation {
  readonly responses: Record<string, { content?: Record<string, unknown> }>;
  readonly security: object[];
  readonly tags: string[];
}

describe('the description of the API', () => {
  it('is OpenAPI 3.1, and every operation declares its problems and who may call it', async () => {
    const document = (await request('GET', '/api/v1/openapi.json')).json<{
      openapi: string;
      paths: Record<string, Record<string, Operation>>;
      components: { schemas: object };
    }>();
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
    );
    expect(operations.length).toBeGreaterThan(35);
    for (const { name, operation } of operations) {
      // Not a route of this room: see below.
      if (name === 'post /ingest/{network}') continue;
      const problems = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
      expect(
        problems.map(([status]) => status),
        name,
      ).toEqual(expect.arrayContaining(['400', '401', '403', '429', '500', '503']));
      for (const [status, { content }] of problems) {
        expect(Object.keys(content ?? {}), `${name} ${status}`).toEqual(['application/problem+json']);
      }
      expect(operation.security, name).toContainEqual({ token: [] });
      if (name.includes('{id}')) expect(operation.responses, name).toHaveProperty('404');
    }
    const named = new Set(JSON.stringify(document).match(/#\/components\/schemas\/\w+/g));
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...named].sort()).toEqual(known.sort());
  });

  it('holds the webhook, with a credential of its own', async () => {
    const { paths, components } = (await request('GET', '/api/v1/openapi.json')).json<{
      paths: Record<string, Record<string, Operation>>;
      components: { securitySchemes: object };
    }>();
    const webhook = paths['/ingest/{network}']?.post;
    expect(webhook?.security).toEqual([{ webhook: [] }]);
    expect(components.securitySchemes).toMatchObject({ webhook: { type: 'http', scheme: 'bearer' } });
    expect(Object.keys(webhook?.responses ?? {})).toEqual(['202', '401', '404', '413', '415', '503']);
    expect(webhook?.responses['503']).toHaveProperty(['headers', 'Retry-After']);
  });
});
