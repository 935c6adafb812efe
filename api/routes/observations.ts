import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HubError } from '../../model/errors.ts';
import type { Bucket, Observation } from '../../model/observation.ts';
import { DAY, type EpochMs, formatTime } from '../../model/time.ts';
import type { RouteDeps } from '../deps.ts';
import { endOfBuckets, everyQuery } from '../every-query.ts';
import { decodeCursor, encodeCursor, nextLink } from '../paging.ts';
import { isRegionOperator } from '../principal.ts';
import { excludedBy, excludedSchema, flagsOf, judgedSchema, presentJudged, qualityQuery } from '../quality-query.ts';
import type { Stream } from '../visibility.ts';
import { answers, queryInstant, timeSchema, type ZodApp } from '../zod-app.ts';
import { datastreamResource, presentStream } from './datastreams.ts';

const figures = ['mean', 'min', 'max', 'sum', 'first', 'last', 'n', 'coverage'] as const;
type Figure = (typeof figures)[number];

const aggregateQuery = z
  .string()
  .default(figures.join(','))
  .transform((text, context): readonly Figure[] => {
    const names = text.split(',').map((name) => name.trim());
    if (names.every((name): name is Figure => (figures as readonly string[]).includes(name))) return names;
    context.addIssue({ code: 'custom', message: `write some of ${figures.join(',')}` });
    return z.NEVER;
  })
  .meta({ description: `Figures of each bucket, some of ${figures.join(',')}` });

const observationResource = z
  .object({
    phenomenonTime: timeSchema.describe('When it was measured'),
    ...judgedSchema,
    receivedAt: timeSchema.optional().describe('When the network received it'),
    position: z.number().int().optional().describe('Journal position of the uplink (operators)'),
    codec: z.string().optional().describe('vendor/model@version (operators)'),
    deployment: z.string().optional().describe('Deployment under which it was placed (operators)'),
  })
  .meta({ id: 'Observation' });

const bucketResource = z
  .object({
    from: timeSchema,
    to: timeSchema,
    mean: z.number().nullable().optional(),
    min: z.number().nullable().optional(),
    max: z.number().nullable().optional(),
    sum: z.number().nullable().optional(),
    first: z.number().nullable().optional(),
    last: z.number().nullable().optional(),
    n: z.number().int().optional().describe('Observations, whatever their quality'),
    coverage: z.number().optional().describe('Share of the bucket that holds values, 0 to 1'),
  })
  .meta({ id: 'Bucket' });

const head = {
  datastream: datastreamResource,
  from: timeSchema,
  to: timeSchema.describe('Exclusive'),
  excluded: excludedSchema,
  next: z.string().optional(),
};

const answerSchema = z.union([
  z.object({ ...head, observations: z.array(observationResource) }),
  z.object({ ...head, every: z.string(), timeZone: z.string(), buckets: z.array(bucketResource) }),
]);

export const addObservations = (app: ZodApp, deps: RouteDeps): void => {
  const { config, clock } = deps;
  const querystring = z.strictObject({
    from: queryInstant.optional().describe('Begin, inclusive; default: 24 hours before `to`'),
    to: queryInstant.optional().describe('End, exclusive; default: now'),
    every: everyQuery(config.timeZone).optional(),
    aggregate: aggregateQuery,
    quality: qualityQuery,
    order: z.enum(['ascending', 'descending']).default('ascending').describe('By time; buckets are always ascending'),
    limit: z.coerce.number().int().min(1).max(config.maxRows).default(Math.min(1_000, config.maxRows)),
    cursor: z.string().max(800).optional(),
  });

  app.get(
    '/datastreams/:id/observations',
    {
      config: { access: 'public' },
      schema: {
        tags: ['observations'],
        summary: 'Observations of a datastream, one by one or in buckets of time',
        description:
          'Without `quality`, values that failed a test and values the device reported as missing are left out; `excluded` says so.',
        params: z.object({ id: z.string().max(300) }),
        querystring,
        response: answers({ 200: answerSchema }, 404),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const stream = request.reader.stream(request.params.id);
      const to = query.to ?? clock();
      const from = query.from ?? to - DAY;
      if (from >= to) {
        const fault = { path: 'query.from', message: 'lies not before `to`', hint: 'swap from and to' };
        throw new HubError('HUB_REQUEST_INVALID', 'query.from: lies not before `to`', { faults: [fault] });
      }
      const base = {
        datastream: presentStream(stream),
        from: formatTime(from),
        to: formatTime(to),
        excluded: excludedBy(query.quality),
      };
      const ask = { stream, from, to, without: flagsOf(base.excluded), cursor: query.cursor, limit: query.limit };
      if (!query.every)
        return reply.send({ ...base, ...(await valuesOf({ request, reply }, { ...ask, order: query.order })) });
      const every = new URLSearchParams(request.url.split('?', 2)[1]).get('every') ?? '';
      const found = await bucketsOf({ request, reply }, { ...ask, every: query.every, figures: query.aggregate });
      return reply.send({ ...base, every, timeZone: config.timeZone, ...found });
    },
  );
};

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

interface Ask {
  readonly stream: Stream;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly without: ReturnType<typeof flagsOf>;
  readonly cursor: string | undefined;
  readonly limit: number;
}

/** The instant in a cursor of this datastream and order. */
const instantIn = (list: string, { cursor, from, to }: Ask): EpochMs | undefined => {
  const after = decodeCursor(list, cursor);
  if (after === undefined) return undefined;
  const time = Number(after);
  if (Number.isSafeInteger(time) && time >= from && time <= to) return time;
  throw new HubError('HUB_CURSOR_INVALID', 'The cursor belongs to another span of time');
};

/** The span of the first page is the span of all, also where it was left out. */
const spanOf = ({ from, to }: Ask) => ({ from: formatTime(from), to: formatTime(to) });

const valuesOf = async (exchange: Exchange, ask: Ask & { order: 'ascending' | 'descending' }) => {
  const { reader } = exchange.request;
  const { stream, order, limit, without } = ask;
  const list = `${stream.datastream.id} ${order}`;
  const time = instantIn(list, ask);
  const span =
    order === 'ascending'
      ? { from: time === undefined ? ask.from : time + 1, to: ask.to }
      : { from: ask.from, to: time ?? ask.to };
  const found: Observation[] = [];
  const range = reader.range(stream, { ...span, order, without, limit: limit + 1 });
  for await (const observation of range) found.push(observation);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const next =
    found.length > limit &&
    last &&
    nextLink(exchange, { ...spanOf(ask), cursor: encodeCursor(list, String(last.phenomenonTime)) });
  const isOperator = isRegionOperator(reader.principal);
  return { observations: page.map((observation) => present(observation, isOperator)), ...(next && { next }) };
};

const present = (observation: Observation, isOperator: boolean) => ({
  phenomenonTime: formatTime(observation.phenomenonTime),
  ...presentJudged(observation),
  receivedAt: formatTime(observation.receivedAt),
  ...(isOperator && {
    position: observation.position,
    ...(observation.codec !== undefined && { codec: observation.codec }),
    ...(observation.deployment !== undefined && { deployment: observation.deployment }),
  }),
});

const bucketsOf = async (
  exchange: Exchange,
  ask: Ask & { every: Parameters<typeof endOfBuckets>[0]; figures: readonly Figure[] },
) => {
  const { stream, every, limit, without } = ask;
  const list = `${stream.datastream.id} buckets`;
  const from = instantIn(list, ask) ?? ask.from;
  const to = endOfBuckets(every, { from, to: ask.to, count: limit });
  const seenTo = Math.min(to, exchange.request.reader.horizon(stream));
  const buckets =
    from < seenTo ? await exchange.request.reader.aggregate(stream, { from, to: seenTo, every, without }) : [];
  const next = to < ask.to && nextLink(exchange, { ...spanOf(ask), cursor: encodeCursor(list, String(to)) });
  return { buckets: buckets.map((bucket) => presentBucket(bucket, ask.figures)), ...(next && { next }) };
};

const presentBucket = (bucket: Bucket, wanted: readonly Figure[]) => ({
  from: formatTime(bucket.from),
  to: formatTime(bucket.to),
  ...Object.fromEntries(wanted.map((figure) => [figure, bucket[figure]])),
});
