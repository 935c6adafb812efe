import { z } from 'zod';
import { passes } from '../collection.ts';
import type { LiveHub } from '../live-hub.ts';
import { answers, type ZodApp } from '../zod-app.ts';
import { streamFilters, streamPasses } from './datastreams.ts';

export const addLive = (app: ZodApp, hub: LiveHub): void => {
  app.get(
    '/live',
    {
      config: { access: 'public' },
      exposeHeadRoute: false,
      schema: {
        tags: ['observations'],
        summary: 'Observations as they are stored (server-sent events)',
        description: [
          'Events: `ready` at the end of what was missed, `observation`, `reset` where the hub no longer holds what was missed',
          '(ask /latest again), `heartbeat` with the time of the hub, `end` with a reason (slow, token, closing) before the hub',
          'ends the stream. `ready` and `reset` carry `heartbeatS`, the seconds between two heartbeats: a line that is silent',
          'for twice as long is dead. Heartbeats have no id of their own.',
          'Values of delayed datasets that are still too young for you do not appear.',
        ].join(' '),
        querystring: z.strictObject({
          ...streamFilters,
          datastream: z.string().optional(),
          lastEventId: z
            .string()
            .max(100)
            .optional()
            .describe('As the header Last-Event-ID, for clients that cannot set it'),
        }),
        headers: z.object({ 'last-event-id': z.string().max(100).optional() }),
        response: answers({
          200: { description: 'A stream of events', content: { 'text/event-stream': { schema: z.string() } } },
        }),
      },
    },
    (request, reply) => {
      const { query, reader } = request;
      hub.requirePlace();
      const after = request.headers['last-event-id'] ?? query.lastEventId;
      reply.hijack();
      const headers = {
        ...reply.getHeaders(),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // Reverse proxies must not collect events.
        'x-accel-buffering': 'no',
      };
      for (const [name, value] of Object.entries(headers)) if (value !== undefined) reply.raw.setHeader(name, value);
      reply.raw.writeHead(200);
      reply.raw.flushHeaders();
      request.raw.socket.setNoDelay(true);
      hub.join({
        out: reply.raw,
        reader,
        after: after === '' ? undefined : after,
        wants: (stream) => streamPasses(stream, query) && passes(query.datastream, stream.datastream.id),
      });
    },
  );
};
