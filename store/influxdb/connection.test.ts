import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InfluxConnection } from './connection.ts';
import type { InfluxSettings } from './influx-settings.ts';

const away = { code: 'HUB_STORE_UNAVAILABLE' };

describe('connection to InfluxDB', () => {
  let server: Server;
  let answer: (response: ServerResponse, request: IncomingMessage) => void;
  /** What InfluxDB says of itself in every answer. */
  let marks: Record<string, string>;
  const now = { busy: 0, most: 0 };

  beforeEach(async () => {
    now.most = 0;
    marks = { 'x-influxdb-build': 'OSS', 'x-influxdb-version': 'v2.9.1' };
    server = createServer((request, response) => {
      now.most = Math.max(now.most, ++now.busy);
      response.on('close', () => now.busy--);
      for (const [name, value] of Object.entries(marks)) response.setHeader(name, value);
      request.resume().on('end', () => answer(response, request));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const connect = (changes: Partial<InfluxSettings> = {}) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new InfluxConnection({ url, org: 'o', bucket: 'b', token: 't', timeoutMs: 400, gzip: false, ...changes });
  };
  const json =
    (body: string, status = 200) =>
    (response: ServerResponse) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  const ask = (connection: InfluxConnection, statements: string | string[] = 'SELECT 1') =>
    Array.fromAsync(connection.query(statements));

  it('counts the time limit of a request from its turn, however many wait', async () => {
    answer = (response) => setTimeout(() => json('{"results":[{"statement_id":0}]}')(response), 100);
    const connection = connect();
    await expect(Promise.all(Array.from({ length: 50 }, () => ask(connection)))).resolves.toHaveLength(50);
    expect(now.most).toBe(8);
    connection.close();
  });

  it('gives the turn of a failed, an unfinished and an abandoned request to the next', async () => {
    const connection = connect({ timeoutMs: 100 });
    answer = () => undefined;
    const silent = Array.from({ length: 12 }, () => ask(connection));
    for (const one of silent) await expect(one).rejects.toMatchObject({ ...away, message: /within 100 ms/ });
    answer = (response) => {
      response.writeHead(200).write('{"results":[{"statement_id":0,"series":[{}],"partial":true}]}\n');
    };
    for (let i = 0; i < 12; i++) for await (const _ of connection.query('SELECT 1')) break;
    answer = json('', 204);
    expect(await connection.write('b', 'm v=1 1')).toBe('stored');
    connection.close();
  });

  it('ends what is under way and what waits when it is closed', async () => {
    answer = () => undefined;
    const connection = connect({ timeoutMs: 60_000 });
    const asked = Promise.allSettled(Array.from({ length: 12 }, () => ask(connection)));
    await expect.poll(() => now.busy).toBe(8);
    connection.close();
    for (const one of await asked) expect(one).toMatchObject({ status: 'rejected', reason: away });
    await expect(connection.write('b', 'm v=1 1')).rejects.toMatchObject(away);
  });

  it.each([
    ['an empty body', ''],
    ['an empty object', '{}'],
    ['nothing', 'null'],
    ["a proxy's page", '<html>log in</html>'],
    ['one statement of two', '{"results":[{"statement_id":1}]}'],
    ['a part only', '{"results":[{"statement_id":1},{"statement_id":0,"series":[],"partial":true}]}'],
    ['an error in the middle', '{"results":[{"statement_id":0},{"statement_id":1,"error":"not executed"}]}'],
  ])('takes %s for no answer to a query', async (_, body) => {
    answer = json(body);
    const connection = connect();
    await expect(ask(connection, ['SELECT 1', 'SELECT 2'])).rejects.toMatchObject(away);
    connection.close();
  });

  const span = { from: 0, to: 1, predicate: '_measurement="m"' };
  const requests = [
    ['write', (connection: InfluxConnection) => connection.write('b', 'm v=1 1')],
    ['delete', (connection: InfluxConnection) => connection.delete('b', span)],
    ['call', (connection: InfluxConnection) => connection.call('GET', '/api/v2/buckets')],
  ] as const;

  it.each(requests)('takes a page of somebody in between for no answer to a %s', async (name, send) => {
    const connection = connect();
    const pages: ((response: ServerResponse) => void)[] = [
      (response) => response.writeHead(200).end(),
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>log in</html>'),
      (response) =>
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '20' }).end('{"buckets":'),
      (response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"buckets":', () => response.destroy()),
      ...(name === 'call' ? [] : [json('{}')]),
    ];
    for (const page of pages) {
      answer = page;
      await expect(send(connection)).rejects.toMatchObject(away);
    }
    marks = {};
    for (const portal of [json('{}'), json('', 204)]) {
      answer = portal;
      await expect(send(connection)).rejects.toMatchObject({ ...away, message: /Somebody else than InfluxDB/ });
    }
    for (const status of [400, 422]) {
      answer = json('<html>bad request</html>', status);
      await expect(send(connection), 'no bad line').rejects.toMatchObject(away);
    }
    connection.close();
  });

  it('takes a 204 of InfluxDB for done, and of its JSON answers the JSON', async () => {
    answer = json('', 204);
    const connection = connect();
    for (const [, send] of requests)
      await expect(send(connection)).resolves.toSatisfy((done) => done === 'stored' || done === undefined);
    answer = json('{"buckets":[]}');
    expect(await connection.call('GET', '/api/v2/buckets')).toEqual({ buckets: [] });
    connection.close();
  });

  it('looks into the file of the token when it is refused, once for many requests, and not again at once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plietsch-token-'));
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'old\n');
    let valid = 'new';
    const seen: (string | undefined)[] = [];
    answer = (response, { headers: { authorization } }) => {
      seen.push(authorization);
      if (authorization === `Token ${valid}`) json('{"results":[{"statement_id":0}]}')(response);
      else json('{"code":"unauthorized","message":"unauthorized access"}', 401)(response);
    };
    const connection = connect({ token: 'old', tokenFile });
    const refused = { code: 'HUB_STORE_REFUSED' };
    await expect(ask(connection)).rejects.toMatchObject(refused);
    writeFileSync(tokenFile, 'new\n');
    await expect(ask(connection), 'looked a moment ago').rejects.toMatchObject(refused);
    await pause(1_100);
    seen.length = 0;
    await expect(Promise.all(Array.from({ length: 6 }, () => ask(connection)))).resolves.toHaveLength(6);
    const times = (token: string): number => seen.filter((one) => one === token).length;
    expect([times('Token old'), times('Token new')]).toEqual([6, 6]);
    valid = 'newest';
    rmSync(folder, { recursive: true });
    await pause(1_100);
    await expect(ask(connection), 'no file').rejects.toMatchObject(refused);
    connection.close();
  });

  it('takes an answer without rows to each statement for nothing there', async () => {
    answer = json('{"results":[{"statement_id":0}]}\n{"results":[{"statement_id":1}]}\n');
    const connection = connect();
    expect(await ask(connection, ['SELECT 1', 'SELECT 2'])).toEqual([]);
    connection.close();
  });

  it('passes on when the server wants to be asked again', async () => {
    answer = (response) => response.writeHead(503, { 'retry-after': '2' }).end('busy');
    const connection = connect();
    await expect(connection.write('b', 'm v=1 1')).rejects.toMatchObject({ ...away, retryAfterMs: 2_000 });
    answer = (response) => response.writeHead(429, { 'retry-after': 'soon' }).end('busy');
    await expect(ask(connection)).rejects.toMatchObject({ ...away, retryAfterMs: undefined });
    connection.close();
  });

  it.each([
    ['{"message":{"a":1}}', '{"message":{"a":1}}'],
    ['{"message":null,"error":"odd"}', 'odd'],
    ['null', 'null'],
    ['[', '['],
    ['', 'Bad Request'],
  ])('finds words in whatever is answered: %s', async (body, words) => {
    answer = json(body, 400);
    const connection = connect();
    expect(await connection.write('b', 'm v=1 1')).toEqual({ status: 400, words });
    connection.close();
  });

  it('reads the authority when it is needed, and says which file is missing', async () => {
    const connection = connect({ url: 'https://127.0.0.1:9', caFile: '/nowhere/authority.pem' });
    await expect(connection.call('GET', '/health')).rejects.toMatchObject({
      code: 'HUB_CONFIG_INVALID',
      message: /authority\.pem/,
    });
    connection.close();
  });
});
