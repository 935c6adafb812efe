import { once } from 'node:events';
import { type ClientRequest, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * - `busy`, `throttle`: 503 and 429 with Retry-After, as proxies send them
 * - `hang`: takes the request and never answers
 * - `cut`: ends the connection half way through the request; the server has perhaps stored it
 * - `cutAnswer`: lets the request through and ends the connection instead of answering: stored, and nobody knows
 * - `keepAnswer`: lets the request through and keeps its answer to itself
 * - `refuse`: 400 to a write as for a line that cannot be parsed, unless it has one line only
 * - `tooLarge`: 413 to writes of more than fifty lines
 */
export type Fault = 'pass' | 'busy' | 'throttle' | 'hang' | 'cut' | 'cutAnswer' | 'keepAnswer' | 'refuse' | 'tooLarge';

export interface FaultProxy {
  readonly url: string;
  fault: Fault;
  /** Requests that met the present fault. */
  met: number;
  /** Of them those that the server answered, whoever got the answer. */
  done: number;
  stop(): Promise<void>;
}

const MOST_LINES = 50;

/** Stands between the hub and a real InfluxDB and misbehaves as told. */
export const startFaultProxy = async (target: string): Promise<FaultProxy> => {
  const { hostname, port } = new URL(target);
  const forward = (incoming: IncomingMessage, body: Buffer, answer?: ServerResponse): ClientRequest => {
    const headers = { ...incoming.headers, 'content-length': String(body.length) };
    delete headers['transfer-encoding'];
    const { method, url: path } = incoming;
    const sent = request({ host: hostname, port, method, path, headers }, (response) => {
      if (!answer) {
        response.resume();
        return;
      }
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    sent.on('error', () => answer?.destroy());
    sent.end(body);
    return sent;
  };

  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('error', () => undefined);
    incoming.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (proxy.fault !== 'cut') return;
      proxy.met++;
      incoming.destroy();
    });
    incoming.on('end', () => misbehave(incoming, answer, Buffer.concat(chunks)));
  });

  const misbehave = (incoming: IncomingMessage, answer: ServerResponse, body: Buffer): void => {
    const isWrite = incoming.url?.startsWith('/api/v2/write') === true;
    const lines = isWrite ? body.toString().split('\n').length : 0;
    const { fault } = proxy;
    if (fault === 'pass' || (fault === 'refuse' && lines <= 1) || (fault === 'tooLarge' && lines <= MOST_LINES)) {
      forward(incoming, body, answer);
      return;
    }
    proxy.met++;
    if (fault === 'busy') answer.writeHead(503, { 'retry-after': '1' }).end('{"code":"unavailable","message":"busy"}');
    else if (fault === 'throttle') answer.writeHead(429, { 'retry-after': '1' }).end('too many requests');
    else if (fault === 'refuse') {
      const json = { 'content-type': 'application/json', 'x-influxdb-build': 'OSS' };
      answer.writeHead(400, json).end('{"code":"invalid","message":"unable to parse: bad line"}');
    } else if (fault === 'tooLarge') answer.writeHead(413).end('request entity too large');
    else if (fault === 'cutAnswer' || fault === 'keepAnswer') {
      forward(incoming, body).on('response', () => {
        proxy.done++;
        if (fault === 'cutAnswer') answer.destroy();
      });
    }
  };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: 'pass',
    met: 0,
    done: 0,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
};
