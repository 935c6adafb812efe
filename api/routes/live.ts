import { z } from 'zod';
import { passes } from '../collection.ts';
import type { LiveHub } from '../live/live-hub.ts';
import { placeFilters, streamPasses } from '../stream-filter.ts';
import { answers, type ZodApp } from '../zod-app.ts';

/** One event, as clients read it from the stream; a heartbeat has no id, the first event says when to come again. */
const eventSchema = z.object({
  event: z.string().optional(),
  data: z.string().optional().describe('JSON'),
  id: z.string().optional(),
  retry: z.number().int().optional().describe('Milliseconds'),
});

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
          'Values of delayed datasets that are still too young for you do not appear; a small count that is withheld has the',
          'value null and `withheld`. `end` with the reason slow: so much waited for you to read it that the hub gave up.',
        ].join(' '),
        querystring: z.strictObject({
          ...placeFilters,
          datastream: z.string().max(300).optional(),
          lastEventId: z
            .string()
            .max(100)
            .optional()
            .describe('As the header Last-Event-ID, for clients that cannot set it'),
        }),
        headers: z.object({ 'last-event-id': z.string().max(100).optional() }),
        response: answers({
          200: { description: 'A stream of events', content: { 'text/event-stream': { schema: eventSchema } } },
        }),
      },
    },
    (request, reply) => {
      const { query, reader } = request;
      hub.requirePlace(request.ip);
      const { lastEventId, ...filter } = query;
      const after = request.headers['last-event-id'] ?? lastEventId;
      reply.hijack();
      const headers = {
        ...reply.getHeaders(),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // Reverse proxies must not collect events.
        'x-accel-buffering': 'no',
      };
      for (const [name, value] of Object.entries(headers)) if (value !== undefined) reply.raw.setHeader(name, value);
      // The stream ends with its connection (RFC 9112 §6.3): without chunks, each piece is one write instead of three.
      reply.raw.useChunkedEncodingByDefault = false;
      reply.raw.writeHead(200);
      reply.raw.flushHeaders();
      request.raw.socket.setNoDelay(true);
      hub.join({
        out: reply.raw,
        reader,
        after: after === '' ? undefined : after,
        // In the order of the schema, whatever the order of the parameters.
        filter: JSON.stringify(filter),
        address: request.ip,
        wants: (stream) => streamPasses(stream, query) && passes(query.datastream, stream.datastream.id),
      });
    },
  );
};
