import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import { silent, TestCounters, TestIntake, until } from './testing.ts';
import { webhookConfigSchema } from './transport-config.ts';
import { webhook } from './webhook.ts';

let intake: TestIntake;
let app: FastifyInstance;
beforeEach(async () => {
  intake = new TestIntake();
  app = fastify();
  await app.register(webhook, {
    prefix: '/ingest',
    config: webhookConfigSchema.parse({ maxBodyBytes: 20_000, retryAfterS: 7 }),
    intake,
    knows: (network) => ['kreis', 'stadt'].includes(network),
    verify: (network, token) => token === `${network}-token`,
    logger: silent,
    counters: new TestCounters(),
  });
});
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
});
