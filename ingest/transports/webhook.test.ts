import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import { TestCounters, TestIntake, until } from './testing.ts';
import { webhookConfigSchema } from './transport-config.ts';
import { webhook } from './webhook.ts';

let intake: TestIntake;
let app: FastifyInstance;
let log: string[];
const start = async (settings: object = {}): Promise<void> => {
  intake = new TestIntake();
  log = [];
  app = fastify();
  await app.register(webhook, {
    prefix: '/ingest',
    config: webhookConfigSchema.parse({ maxBodyBytes: 20_000, retryAfterS: 7, ...settings }),
    intake,
    knows: (network) => ['kreis', 'stadt'].includes(network),
    verify: (network, token) => token === `${network}-token`,
    logger: pino({ level: 'info' }, { write: (line: string) => log.push(line) }),
    counters: new TestCounters(),
    clock: () => 0,
  });
};
beforeEach(() => start());
afterEach(() => app.close());

interface Post {
  readonly network?: string;
  readonly query?: string;
  readonly token?: string;
  readonly type?: string;
  readonly body?: string | Buffer;
}

const post = ({
  network = 'kreis',
  query = '',
  token = 'kreis-token',
  type = 'application/json',
  body = '{"a":1}',
}: Post = {}) =>
  app.inject({
    method: 'POST',
    url: `/ingest/${network}${query}`,
    headers: { ...(token && { authorization: `Bearer ${token}` }), 'content-type': type },
    payload: body,
  });

describe('webhook', () => {
  it('answers 202 with the position and hands over the body byte for byte', async () => {
    const body = ' {"a" : 1,\r\n"a":2, "ü":"\\ud800"} ';
    const response = await post({ body, type: 'application/json; charset=utf-8' });
    expect(response.statusCode).toBe(202);
    expect(response.json()).toEqual({ position: 1 });
    expect(intake.messages).toEqual([{ network: 'kreis', topic: undefined, body: Buffer.from(body) }]);
  });

  it('takes what is no JSON as well: that is for the journal to judge', async () => {
    for (const body of ['not json', '', Buffer.from([0xff, 0])])
      expect((await post({ body, type: 'application/octet-stream' })).statusCode).toBe(202);
    expect((await post({ body: '{"a":' })).statusCode).toBe(202);
    expect(intake.bodies).toHaveLength(4);
  });

  it('turns the query of ChirpStack into a pseudo topic', async () => {
    await post({ query: '?event=up' });
    await post({ query: '?x=1&event=a%2Fb' });
    await post({ query: '?x=1' });
    expect(intake.messages.map(({ topic }) => topic)).toEqual(['?event=up', '?event=a%2Fb', undefined]);
  });

  it('answers only after the commit', async () => {
    intake.holds = true;
    let answered = false;
    const response = post().then((answer) => {
      answered = true;
      return answer;
    });
    await until(() => intake.waiting === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(answered).toBe(false);
    intake.commit();
    expect((await response).statusCode).toBe(202);
  });

  it.each([
    [401, 'HUB_AUTH_REQUIRED', { token: '' }],
    [401, 'HUB_AUTH_REQUIRED', { token: 'wrong' }],
    [401, 'HUB_AUTH_REQUIRED', { network: 'stadt' }],
    [404, 'HUB_NETWORK_UNKNOWN', { network: 'dorf' }],
    [413, 'HUB_REQUEST_TOO_LARGE', { body: 'x'.repeat(20_001) }],
    [415, 'HUB_REQUEST_MEDIA_TYPE', { type: 'text/plain' }],
  ])('refuses with %i %s', async (status, code, request) => {
    const response = await post(request);
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(response.json()).toMatchObject({
      type: expect.any(String),
      title: expect.any(String),
      status,
      code,
      detail: expect.any(String),
    });
    expect(intake.messages).toEqual([]);
  });

  it('asks to come back when the journal is behind or the disk is full', async () => {
    intake.limit = 0;
    const busy = await post();
    expect([busy.statusCode, busy.headers['retry-after'], busy.json().code]).toEqual([503, '7', 'HUB_OVERLOADED']);
    intake.limit = 10;
    intake.failure = new HubError('HUB_DISK_FULL');
    const full = await post();
    expect([full.statusCode, full.headers['retry-after'], full.json().code]).toEqual([503, '7', 'HUB_DISK_FULL']);
  });

  it('does not fill the log with what it has to refuse', async () => {
    intake.failure = new HubError('HUB_DISK_FULL');
    for (let i = 0; i < 50; i++) expect((await post()).statusCode).toBe(503);
    expect(log).toHaveLength(20);
  });

  it('reads only so many bytes of bodies at a time, and forgets those whose sender went away', async () => {
    await app.close();
    await start({ maxBodyBytes: 40 * 1024 * 1024 });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const begin = async (length: string, network = 'kreis'): Promise<{ socket: Socket; answer: Promise<string> }> => {
      const head = [`POST /ingest/${network} HTTP/1.1`, 'host: hub', `authorization: Bearer ${network}-token`, length];
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      await once(socket, 'connect');
      socket.write([...head, 'content-type: application/json', '', ''].join('\r\n'));
      const answer = once(socket, 'data').then(([data]) => String(data).slice(9, 12));
      return { socket, answer };
    };
    const large = await begin('content-length: 40000000');
    await new Promise((resolve) => setTimeout(resolve, 30));
    const refused = [await begin('content-length: 40000000'), await begin('transfer-encoding: chunked')];
    expect(await Promise.all(refused.map(({ answer }) => answer))).toEqual(['503', '503']);
    const small = [await begin('content-length: 2'), await begin('content-length: 2', 'stadt')];
    for (const { socket, answer } of small) {
      socket.write('{}');
      expect(await answer).toBe('202');
    }
    large.socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 30));
    const next: Socket[] = [];
    for (let i = 0; i < 3; i++) {
      const { socket, answer } = await begin('transfer-encoding: chunked');
      next.push(socket);
      socket.write('2\r\n{}\r\n0\r\n\r\n');
      expect(await answer).toBe('202');
    }
    for (const socket of [...next, ...[...small, ...refused].map((request) => request.socket)]) socket.destroy();
  });
});
