import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callHub, type HubProcess, startHubProcess } from '../support/hub-process.ts';

let hub: HubProcess;
beforeAll(async () => {
  hub = await startHubProcess({ environment: { PLIETSCH_LOG_LEVEL: 'debug' } });
});
afterAll(() => hub.kill('SIGTERM'));

const MARK = 'Zq7Zq7Zq7';
const wrong = `plt_0123456789abcdef_${MARK.repeat(5).slice(0, 43)}`;
const jwt = `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ${MARK}.${MARK}`;

/** Bytes as they are, past a client that would refuse to send them. */
const sendRaw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(hub.run.httpPort, '127.0.0.1', () => socket.end(text));
    let answer = '';
    socket.on('data', (data: Buffer) => (answer += data.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });

describe('the log', () => {
  it('holds no token, whatever way it was sent', async () => {
    const made = await callHub(hub.run, '/api/v1/tokens', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ role: 'operator', name: 'log' }),
    });
    const { token: right } = (await made.json()) as { token: string };
    const secret = right.split('_').slice(2).join('_');
    for (const token of [right, wrong, jwt, `Basic ${MARK}`]) {
      const headers = { authorization: `Bearer ${token}` };
      const requests: [string, RequestInit][] = [
        ['/api/v1/devices', { headers }],
        ['/api/v1/devices', { headers: { authorization: token } }],
        ['/api/v1/devices', { headers: { cookie: `token=${token}`, 'x-api-key': token } }],
        [`/api/v1/devices?access_token=${token}`, {}],
        [`/api/v1/devices?cursor=${token}`, { headers }],
        [`/api/v1/${encodeURIComponent(token)}`, { headers }],
        [`/api/v1/tokens/${encodeURIComponent(token)}`, { method: 'DELETE', headers }],
        ['/api/v1/tokens', { method: 'POST', headers, body: token }],
        [`/api/v1/live?bbox=${token}`, { headers }],
        [`/ingest/north?token=${token}`, { method: 'POST', headers, body: JSON.stringify({ token }) }],
      ];
      for (const [path, init] of requests) await (await fetch(new URL(path, hub.run.httpUrl), init)).arrayBuffer();
      await sendRaw(`GET /api/v1/things HTTP/1.1\r\nhost: x\r\nauthorization Bearer ${token}\r\n\r\n`);
    }
    await callHub(hub.run, '/health');
    const log = hub.log();
    expect(log).toContain('token created');
    for (const hidden of [secret, MARK, hub.run.credential]) expect(log).not.toContain(hidden);
  });
});

describe('what is no proper request', () => {
  it.each([
    ['a header without a colon', 'GET /api/v1/things HTTP/1.1\r\nhost: x\r\nnonsense\r\n\r\n', 400],
    ['headers of 70 KB', `GET /api/v1/things HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
    ['an address of 70 KB', `GET /api/v1/things?x=${'x'.repeat(70_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
    ['two lengths', 'POST /api/v1/tokens HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx', 400],
    [
      'a length and chunks',
      'POST /api/v1/tokens HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['chunks under a false name', 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n', 400],
    ['a header that is folded', 'GET / HTTP/1.1\r\nhost: x\r\na: b\r\n c\r\n\r\n', 400],
    ['an address that cannot be read', 'GET /api/v1/things/%ZZ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 400],
  ])('%s', async (_what, text, status) => {
    const answer = await sendRaw(text);
    const [head = '', body = ''] = answer.split('\r\n\r\n', 2);
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head.toLowerCase()).toContain('content-type: application/problem+json');
    expect(head.toLowerCase()).toContain('x-content-type-options: nosniff');
    expect(JSON.parse(body)).toMatchObject({ status, code: expect.stringMatching(/^HUB_REQUEST_/) });
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});
