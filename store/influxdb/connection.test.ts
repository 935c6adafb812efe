import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InfluxConnection, type InfluxSettings } from './connection.ts';

const away = { code: 'HUB_STORE_UNAVAILABLE' };

describe('connection to InfluxDB', () => {
  let server: Server;
  let answer: (response: ServerResponse) => void;
  const now = { busy: 0, most: 0 };

  beforeEach(async () => {
    now.most = 0;
    server = createServer((request, response) => {
      now.most = Math.max(now.most, ++now.busy);
      response.on('close', () => now.busy--);
      request.resume().on('end', () => answer(response));
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
