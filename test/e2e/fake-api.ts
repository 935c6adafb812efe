import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { apiConfigSchema } from '../../api/api-config.ts';
import { addConsole } from '../../api/plugins/console.ts';
import { addTransport } from '../../api/plugins/transport.ts';
import { dayOf, eventsAt, type FakeEvent, type FakeValue, propertyList, regionAt } from './fake-region.ts';

export interface FakeApi {
  readonly url: string;
  /** What `/latest` answers; may be changed. */
  values: FakeValue[];
  /** What `/events` answers, after its filter; may be changed. */
  events: FakeEvent[];
  /** Paths asked for, in order. */
  readonly asked: string[];
  /** Answers 503 to everything of the API while set. */
  isDown: boolean;
  /** Sends to all live streams. */
  send(event: string, data: unknown): void;
  /** Ends all live streams, as a restart does. */
  cut(): void;
  close(): Promise<void>;
}

/** The built console with the hub's real headers, before a canned API. */
export const startFakeApi = async (consoleDir: string): Promise<FakeApi> => {
  const app = Fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 300 } });
  const streams = new Set<ServerResponse>();
  let sequence = 0;
  const values = regionAt(Date.now());
  const fake: FakeApi = {
    url: '',
    values,
    events: eventsAt(values, Date.now()),
    asked: [],
    isDown: false,
    send: (event, data) => {
      const id = event === 'heartbeat' ? '' : `id: fake.${++sequence}\n`;
      for (const stream of streams) stream.write(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    cut: () => {
      for (const stream of streams) stream.destroy();
      streams.clear();
    },
    close: async () => {
      fake.cut();
      await app.close();
    },
  };

  const config = apiConfigSchema.parse({});
  await addTransport(app, { ...config, timeZone: 'Europe/Berlin', version: '0.0.0', demo: true });
  await addConsole(app, consoleDir);
  app.addHook('onRequest', async (request, reply) => {
    fake.asked.push(request.url);
    if (fake.isDown && /^\/(api|health)/.test(request.url)) {
      await reply.code(503).send({ code: 'HUB_UNAVAILABLE', title: 'Not available' });
    }
  });
  app.get('/health', () => ({ status: 'ok', version: '0.0.0', demo: true, timeZone: 'Europe/Berlin' }));
  app.get('/api/v1/latest', () => ({ items: fake.values }));
  app.get<{ Querystring: { kind: string; from: string; limit: string } }>('/api/v1/events', (request) => {
    const { kind, from, limit } = request.query;
    return { items: fake.events.filter((event) => event.kind === kind && event.time >= from).slice(0, Number(limit)) };
  });
  app.get('/api/v1/datastreams', () => ({
    items: fake.values.map(({ datastream: id, channel, delayMinutes }) => ({ id, channel, delayMinutes })),
  }));
  app.get('/api/v1/observed-properties', () => ({ items: propertyList }));
  app.get<{ Params: { id: string } }>('/api/v1/datastreams/:id/observations', (request, reply) => {
    const value = fake.values.find(({ datastream }) => datastream === request.params.id);
    if (!value) return reply.code(404).send({ code: 'HUB_NOT_FOUND', title: 'Not found' });
    return { observations: dayOf(value, Date.now()) };
  });
  app.get('/api/v1/live', (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    reply.raw.write(`retry: 300\nid: fake.${sequence}\nevent: ready\ndata: {"heartbeatS":15}\n\n`);
    streams.add(reply.raw);
    reply.raw.on('close', () => streams.delete(reply.raw));
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return Object.assign(fake, { url: `http://127.0.0.1:${port}` });
};
