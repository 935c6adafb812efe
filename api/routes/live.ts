import { z } from 'zod';
import { bboxQuery, isWithin } from '../bbox.ts';
import { passes } from '../collection.ts';
import type { LiveHub } from '../live-hub.ts';
import { answers, type ZodApp } from '../zod-app.ts';
import { streamFilters, streamPasses } from './datastreams.ts';

/** When a client that found no place may ask again. */
const RETRY_S = 5;

/** One event, as clients read it from the stream; a heartbeat has no id, the first event says when to come again. */
const eventSchema = z.object({
  event: z.string().optional(),
  data: z.string().optional().describe('JSON'),
  id: z.string().optional(),
  retry: z.number().int().optional().describe('Milliseconds'),
});

const byText = (a: string, b: string): number => (a < b ? -1 : 1);

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
          ...streamFilters,
          datastream: z.string().max(300).optional(),
          dataset: z.string().max(80).optional().describe('Only what belongs to this dataset'),
          bbox: bboxQuery.optional(),
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
      try {
        hub.requirePlace(request.ip);
      } catch (thrown) {
        void reply.header('retry-after', String(RETRY_S));
        throw thrown;
      }
      const { bbox, lastEventId, ...names } = query;
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
        filter: JSON.stringify([
          bbox,
          ...Object.entries(names)
            .map((one) => one.join('='))
            .sort(byText),
        ]),
        address: request.ip,
        wants: (stream) =>
          streamPasses(stream, query) &&
          passes(query.datastream, stream.datastream.id) &&
          (query.dataset === undefined || stream.datasets.some(({ id }) => id === query.dataset)) &&
          (bbox === undefined || (stream.site !== undefined && isWithin(stream.site.geometry.coordinates, bbox))),
      });
    },
  );
};
