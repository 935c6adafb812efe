import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { thingSchema, useCases } from '../../model/registry.ts';
import type { Reader } from '../access.ts';
import type { Principal } from '../auth/principal.ts';
import type { RouteDeps } from '../deps.ts';
import { ByteSink } from '../formats/byte-sink.ts';
import { createLatestWriter } from '../formats/latest-writer.ts';
import { mediaTypes, negotiate } from '../formats/media.ts';
import { RecentBodies } from '../formats/recent-bodies.ts';
import { decodeCursor, firstPage, MAX_PAGE, nextPage, pageOf, pageQueryOf } from '../paging.ts';
import { judgedSchema } from '../series/quality-query.ts';
import { kindFilter, placeFilters, streamsThatPass } from '../stream-filter.ts';
import type { Stream } from '../visibility.ts';
import { answers, timeSchema, type ZodApp } from '../zod-app.ts';

const named = z.object({ id: z.string(), name: z.string() });
const position = z.tuple([z.number(), z.number()]).describe('longitude, latitude (WGS 84)');

const latestValue = z.object({
  datastream: z.string(),
  property: z.string(),
  channel: z.string().optional(),
  unit: z.string().describe('UCUM code'),
  ...judgedSchema,
  phenomenonTime: timeSchema,
  ageS: z.number().describe('Seconds since it was measured'),
  delayMinutes: z.number().describe('You see values when they are this old'),
  reportingIntervalS: z
    .number()
    .optional()
    .describe('Usual seconds between two reports of its device; a value older than some of them and the delay is late'),
  useCase: z.enum(useCases),
  thing: named.extend({ kind: thingSchema.shape.kind, simulated: z.boolean() }),
  site: named.optional(),
  municipality: named.optional(),
});
export const latestResource = latestValue.extend({ coordinates: position.optional() }).meta({ id: 'LatestValue' });

export const featureCollection = z
  .object({
    type: z.literal('FeatureCollection'),
    features: z.array(
      z.object({
        type: z.literal('Feature'),
        id: z.string(),
        geometry: z.object({ type: z.literal('Point'), coordinates: position }).nullable(),
        properties: latestValue,
      }),
    ),
    next: z.string().optional(),
  })
  .meta({ id: 'LatestFeatures', description: 'GeoJSON (RFC 7946)' });

/** Entries that are written before others have their turn. */
const AT_ONCE = 2_500;
/** Usual size of an entry. */
const ENTRY_BYTES = 640;

/** From so many datastreams on, a map of all of them is made once a second at most. */
const MANY = 2_000;
const MAX_AGE_MS = 1_000;

interface LatestPage {
  readonly reader: Reader;
  readonly page: readonly Stream[];
  readonly format: 'json' | 'geojson';
  readonly next: string | undefined;
}

const limitQuery = z
  .union(
    [z.literal('all'), z.coerce.number().int().min(1).max(MAX_PAGE)],
    `write all, or a number from 1 to ${MAX_PAGE}`,
  )
  .default(pageQueryOf('latest').limit.parse(undefined))
  .describe(`Entries on a page, at most ${MAX_PAGE}; or all, for a map of the whole region at once`);

export const addLatest = (app: ZodApp, { clock }: RouteDeps): void => {
  const writerOf = createLatestWriter();
  const recent = new RecentBodies(MAX_AGE_MS);

  const latestBody = async ({ reader, page, format, next }: LatestPage): Promise<Buffer> => {
    const newest = await reader.latest(page);
    const sink = new ByteSink(ENTRY_BYTES * (newest.size + 1));
    const write = writerOf(format, { reader, now: clock(), sink });
    sink.ascii(format === 'geojson' ? '{"type":"FeatureCollection","features":[' : '{"items":[');
    const begun = sink.length;
    for (const [i, stream] of page.entries()) {
      if (i % AT_ONCE === AT_ONCE - 1) await nextTurn();
      const observation = newest.get(stream.datastream.key);
      if (!observation) continue;
      if (sink.length > begun) sink.ascii(',');
      write(stream, observation);
    }
    sink.ascii(next === undefined ? ']}' : `],"next":${JSON.stringify(next)}}`);
    return sink.finish();
  };

  app.get(
    '/latest',
    {
      config: { access: 'public' },
      schema: {
        tags: ['observations'],
        summary: 'The newest value of each datastream',
        description:
          'By the time of measurement, with its quality. Datastreams without a value are left out, so that a page may hold fewer entries than `limit`; follow `next` to the end, or ask for `limit=all`, which may be up to two seconds old where there are thousands.',
        querystring: z.strictObject({
          ...pageQueryOf('latest'),
          limit: limitQuery,
          ...placeFilters,
          ...kindFilter,
          format: z.enum(['json', 'geojson']).optional().describe('Also by Accept: application/geo+json'),
        }),
        response: answers({
          200: {
            description: 'The newest values',
            content: {
              'application/json': { schema: pageOf(latestResource) },
              [mediaTypes.geojson]: { schema: featureCollection },
            },
          },
        }),
      },
    },
    async (request, reply) => {
      const { query, reader } = request;
      const format = query.format ?? negotiate(request.headers.accept, ['json', 'geojson']);
      const matching = streamsThatPass(reader, query, decodeCursor('latest', query.cursor));
      const bodyOf = (page: readonly Stream[], next?: string) => latestBody({ reader, page, format, next });
      void reply.header('cache-control', 'no-store').header('vary', 'Accept');
      void reply.type(`${mediaTypes[format]}; charset=utf-8`);
      if (query.limit === 'all') {
        const page = [...matching];
        if (page.length < MANY) return sendBytes(reply, await bodyOf(page));
        const key = `${reader.version()} ${seenBy(reader.principal)} ${format} ${request.url}`;
        return sendBytes(reply, await recent.get(key, clock(), () => bodyOf(page)));
      }
      const keyOf = ({ datastream }: Stream) => datastream.id;
      const { page, after } = await firstPage(matching, { limit: query.limit, keyOf });
      const { next } = nextPage({ request, reply }, 'latest', after);
      return sendBytes(reply, await bodyOf(page, next));
    },
  );
};

/** Those who see the same: the public, all who see a municipality's own, all who see the region. */
const seenBy = ({ role, municipality }: Principal): string =>
  role === undefined ? 'public' : municipality === undefined ? 'region' : `municipality ${municipality}`;

/** Written as JSON already; the schema is for the documentation. */
const sendBytes = (reply: FastifyReply, body: Buffer): FastifyReply => reply.send(body);
