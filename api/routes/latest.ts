import { z } from 'zod';
import type { Observation } from '../../model/observation.ts';
import { thingSchema, useCases } from '../../model/registry.ts';
import { type EpochMs, formatTime, MINUTE, SECOND } from '../../model/time.ts';
import type { Reader } from '../access.ts';
import { bboxQuery, isWithin } from '../bbox.ts';
import type { RouteDeps } from '../deps.ts';
import { decodeCursor, firstPage, nextPage, pageOf, pageQuery } from '../paging.ts';
import { judgedSchema, presentJudged } from '../quality-query.ts';
import type { Stream } from '../visibility.ts';
import { answers, timeSchema, type ZodApp } from '../zod-app.ts';
import { streamFilters, streamPasses } from './datastreams.ts';

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
const latestResource = latestValue.extend({ coordinates: position.optional() }).meta({ id: 'LatestValue' });

const featureCollection = z
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

const GEOJSON = 'application/geo+json';

export const addLatest = (app: ZodApp, { clock }: RouteDeps): void => {
  app.get(
    '/latest',
    {
      config: { access: 'public' },
      schema: {
        tags: ['observations'],
        summary: 'The newest value of each datastream',
        description:
          'By the time of measurement, with its quality. Datastreams without a value are left out, so that a page may hold fewer entries than `limit`; follow `next` to the end.',
        querystring: z.strictObject({
          ...pageQuery,
          ...streamFilters,
          kind: thingSchema.shape.kind.optional(),
          bbox: bboxQuery.optional(),
          format: z.enum(['json', 'geojson']).optional().describe('Also by Accept: application/geo+json'),
        }),
        response: answers({
          200: {
            description: 'The newest values',
            content: {
              'application/json': { schema: pageOf(latestResource) },
              [GEOJSON]: { schema: featureCollection },
            },
          },
        }),
      },
    },
    async (request, reply) => {
      const { query, reader } = request;
      const { bbox } = query;
      const wanted = reader.streams(decodeCursor('latest', query.cursor));
      const matching = Iterator.from(wanted).filter(
        (stream) =>
          streamPasses(stream, query) &&
          (!bbox || (stream.site !== undefined && isWithin(stream.site.geometry.coordinates, bbox))),
      );
      const keyOf = ({ datastream }: Stream) => datastream.id;
      const { page, after } = await firstPage(matching, { limit: query.limit, keyOf });
      const newest = await reader.latest(page);
      const now = clock();
      const values = page.flatMap((stream) => {
        const observation = newest.get(stream.datastream.key);
        return observation ? [{ stream, value: present(stream, observation, { reader, now }) }] : [];
      });
      const link = nextPage({ request, reply }, 'latest', after);
      void reply.header('cache-control', 'no-store');
      const geojson = query.format ? query.format === 'geojson' : (request.headers.accept ?? '').includes(GEOJSON);
      if (!geojson) return reply.type('application/json').send({ items: values.map(withCoordinates), ...link });
      const features = values.map(featureOf);
      return reply.type(GEOJSON).send({ type: 'FeatureCollection' as const, features, ...link });
    },
  );
};

const present = (stream: Stream, observation: Observation, { reader, now }: { reader: Reader; now: EpochMs }) => {
  const { datastream, thing, site, municipality, useCase, delayMs } = stream;
  const reportingIntervalS = reader.reportingIntervalS(stream, observation);
  return {
    datastream: datastream.id,
    property: datastream.property,
    ...(datastream.channel !== undefined && { channel: datastream.channel }),
    unit: datastream.unit,
    ...presentJudged(observation),
    phenomenonTime: formatTime(observation.phenomenonTime),
    ageS: Math.round((now - observation.phenomenonTime) / SECOND),
    delayMinutes: delayMs / MINUTE,
    ...(reportingIntervalS !== undefined && { reportingIntervalS }),
    useCase,
    thing: { id: thing.id, name: thing.name, kind: thing.kind, simulated: thing.simulated },
    ...(site && { site: { id: site.id, name: site.name } }),
    ...(municipality && { municipality: { id: municipality.id, name: municipality.name } }),
  };
};

interface Placed {
  readonly stream: Stream;
  readonly value: ReturnType<typeof present>;
}

const withCoordinates = ({ stream: { site }, value }: Placed) => ({
  ...value,
  ...(site && { coordinates: site.geometry.coordinates }),
});

const featureOf = ({ stream: { site }, value }: Placed) => ({
  type: 'Feature' as const,
  id: value.datastream,
  geometry: site ? { type: 'Point' as const, coordinates: site.geometry.coordinates } : null,
  properties: value,
});
