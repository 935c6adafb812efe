import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOUR } from '../../model/time.ts';
import type { ObservationReader } from '../../store/observations.ts';
import { createTestApi, fillRegion, NOW, observationOf, type TestApi } from '../testing.ts';

const PATH = '/api/v1/datastreams/gauge-1.water_level/observations?from=2026-02-01T00:00:00Z';
const ROWS = 40_000;

let api: TestApi;
let port: number;
let blocks: number;
/** Stands before the store's own answers. */
let before: (call: number) => Promise<void>;

beforeEach(async () => {
  blocks = 0;
  before = async () => undefined;
  api = await createTestApi({
    config: { maxExports: 2 },
    wrap: ({ observations }) => ({
      observations: new Proxy(observations, {
        get: (target, name: keyof ObservationReader) => {
          if (name !== 'block') return (target[name] as () => unknown).bind(target);
          return async (query: Parameters<ObservationReader['block']>[0]) => {
            await before(++blocks);
            return target.block(query);
          };
        },
      }),
    }),
  });
  await fillRegion(api);
  const datastream = api.keys.get('gauge-1.water_level') ?? 0;
  const many = Array.from({ length: ROWS }, (_, i) =>
    observationOf({ datastream, phenomenonTime: NOW - 20 * HOUR + i * 1_000, value: i }),
  );
  await api.stores.observations.append(many);
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = api.app.server.address() as AddressInfo);
});
afterEach(() => api.app.close());

const ask = async (query: string, headers: Record<string, string> = {}): Promise<IncomingMessage> => {
  const asked = request({ host: '127.0.0.1', port, path: PATH + query, headers });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return response;
};

/** What came of a body, and whether it was broken off. */
const read = async (response: IncomingMessage): Promise<{ body: Buffer; broken: boolean }> => {
  const parts: Buffer[] = [];
  try {
    for await (const part of response) parts.push(part as Buffer);
    return { body: Buffer.concat(parts), broken: !response.complete };
  } catch {
    return { body: Buffer.concat(parts), broken: true };
  }
};

describe('a table of many rows', () => {
  it('comes in chunks with all headers, whole, compressed where that is asked for', async () => {
    const plain = await ask('&format=csv');
    expect(plain.headers).toMatchObject({ 'transfer-encoding': 'chunked', 'ratelimit-limit': '1200' });
    expect(plain.headers).not.toHaveProperty('etag');
    const { body, broken } = await read(plain);
    expect(broken).toBe(false);
    expect(body.toString().endsWith(`\r\n# end: ${ROWS + 3} rows\r\n`)).toBe(true);
    for (const format of ['csv', 'ndjson']) {
      const packed = await ask(`&format=${format}`, { 'accept-encoding': 'gzip' });
      expect(packed.headers['content-encoding']).toBe('gzip');
      const unpacked = gunzipSync((await read(packed)).body);
      if (format === 'csv') expect(unpacked).toEqual(body);
      else expect(unpacked.toString().trimEnd().split('\n')).toHaveLength(ROWS + 5);
    }
  });

  it.each([
    ['csv', {}],
    ['csv', { 'accept-encoding': 'gzip' }],
    ['csv', { 'accept-encoding': 'br' }],
    ['ndjson', {}],
    ['parquet', {}],
  ])('is seen to be broken off when the store fails on the way: %s %o', async (format, headers) => {
    before = async (call) => {
      if (call > 7) throw new Error('the disk is gone');
    };
    const response = await ask(`&format=${format}`, headers as Record<string, string>);
    const { body, broken } = await read(response);
    // Brotli had given out nothing yet: then the answer can still be the error itself.
    if (response.statusCode === 200) expect(broken).toBe(true);
    else expect([response.statusCode, headers]).toEqual([500, { 'accept-encoding': 'br' }]);
    expect(body.toString('latin1')).not.toMatch(/# end|"end":true|PAR1$/);
    before = async () => undefined;
    expect((await read(await ask(`&format=${format}`))).broken).toBe(false);
  });

  it('is a coded error when the store fails before the first byte', async () => {
    before = async () => {
      throw new Error('the disk is gone');
    };
    const response = await ask('&format=csv');
    expect([response.statusCode, response.headers['content-type']?.split(';')[0]]).toEqual([
      500,
      'application/problem+json',
    ]);
  });

  it('is read no further, and gives its place back, when the client goes away', async () => {
    before = async (call) => {
      if (call > 6) await pause(20);
    };
    for (let i = 0; i < 4; i++) {
      const response = await ask('&format=csv');
      await once(response, 'readable');
      response.destroy();
      const seen = blocks;
      await pause(150);
      expect(blocks - seen).toBeLessThan(4);
    }
    before = async () => undefined;
    expect((await read(await ask('&format=csv'))).broken).toBe(false);
  });

  it('is refused while others take all places, and told when to come again', async () => {
    const gate = Promise.withResolvers<void>();
    // The sixth block is asked for when the headers go out.
    before = async (call) => {
      if (call > 5) await gate.promise;
    };
    const first: IncomingMessage[] = [];
    for (const format of ['csv', 'ndjson']) {
      blocks = 0;
      first.push(await ask(`&format=${format}`));
    }
    const refused = await ask('&format=parquet');
    expect(refused.statusCode).toBe(503);
    expect(refused.headers['retry-after']).toMatch(/^\d+$/);
    refused.resume();
    gate.resolve();
    for (const response of first) expect((await read(response)).broken).toBe(false);
    await vi.waitFor(async () => expect((await read(await ask('&format=csv'))).broken).toBe(false));
  });

  it('is not read for one who wants the headers only', async () => {
    const response = await api.app.inject({ method: 'HEAD', url: `${PATH}&format=csv` });
    expect([response.statusCode, response.body]).toEqual([200, '']);
    expect(response.headers['content-type']).toContain('text/csv');
    expect(blocks).toBeLessThan(9);
  });
});
