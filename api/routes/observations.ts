import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type EpochMs, formatTime } from '../../model/time.ts';
import type { SeenObservation } from '../access.ts';
import { isRegionOperator } from '../auth/principal.ts';
import { createTimeText } from '../formats/cell-text.ts';
import { withBuckets } from '../formats/ndjson.ts';
import { csvStyleOf, formatOf, tableContent } from '../formats/table-query.ts';
import { presentTerms } from '../formats/terms.ts';
import { decodeCursor, encodeCursor, instantIn, nextLink } from '../paging.ts';
import { refuse } from '../problem.ts';
import { type Decimated, decimate, decimations } from '../series/decimate.ts';
import { endOfBuckets } from '../series/every-query.ts';
import { bucketsIn, observationQuery, refuseLoneCursor, spanOf, written } from '../series/observation-query.ts';
import { excludedBy, excludedSchema, flagsOf, judgedSchema, presentJudged } from '../series/quality-query.ts';
import { answerDecimated, answerTable, type Exchange, type TableRouteDeps } from '../series/table-answer.ts';
import type { Stream } from '../visibility.ts';
import { answers, timeSchema, type ZodApp } from '../zod-app.ts';
import { datastreamResource, presentStream } from './datastreams.ts';

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

const figure = z.number().nullable().optional();

export const bucketResource = z
  .object({
    from: timeSchema,
    to: timeSchema,
    mean: figure,
    min: figure,
    max: figure,
    sum: figure,
    first: figure,
    last: figure,
    n: z.number().int().optional().describe('Observations, whatever their quality'),
    coverage: z.number().optional().describe('Share of the bucket that holds values, 0 to 1'),
    qualityShare: figure.describe('Share of the observations that are neither suspect nor failed nor missing, 0 to 1'),
    withheld: z.number().int().optional().describe('Small counts that were left out of the figures'),
  })
  .meta({ id: 'Bucket' });

export const termsResource = z
  .object({
    id: z.string(),
    title: z.object({ de: z.string(), en: z.string() }),
    licence: z.string(),
    licenceUrl: z.string(),
    attribution: z.string(),
  })
  .meta({ id: 'Terms', description: 'Under which terms a dataset may be used' });

const head = {
  datastream: datastreamResource,
  from: timeSchema,
  to: timeSchema.describe('Exclusive'),
  excluded: excludedSchema,
  datasets: z.array(termsResource).describe('Datasets that the datastream belongs to'),
  next: z.string().optional(),
};

export const observationsAnswer = z.union([
  z.object({
    ...head,
    decimated: z
      .object({ of: z.number().int().describe('Observations of the span'), method: z.enum(decimations) })
      .optional()
      .describe('With `maxPoints`: how the observations were chosen'),
    observations: z.array(observationResource),
  }),
  z.object({ ...head, every: z.string(), timeZone: z.string(), buckets: z.array(bucketResource) }),
]);

/** Observations of one datastream; see routes/observation-search.ts for many. */
export const addObservations = (app: ZodApp, { config, clock, desk }: TableRouteDeps): void => {
  const querystring = z.strictObject({
    ...observationQuery(config),
    order: z
      .enum(['ascending', 'descending'])
      .default('ascending')
      .describe('By time, single observations in JSON; all else is always ascending'),
    maxPoints: z.coerce
      .number()
      .int()
      .min(2)
      .max(config.maxRows)
      .optional()
      .describe(
        'At most so many observations, chosen so that the course and its extremes stay, each at its own instant; in every format',
      ),
    decimate: z
      .enum(decimations)
      .optional()
      .describe(
        'How they are chosen: smallest and largest of equal parts of the time (default), or of these the largest triangles',
      ),
  });

  app.get(
    '/datastreams/:id/observations',
    {
      config: { access: 'public', etag: true },
      schema: {
        tags: ['observations'],
        summary: 'Observations of a datastream, one by one or in buckets of time',
        description:
          'Without `quality`, values that failed a test and values the device reported as missing are left out; `excluded` says so. CSV, NDJSON and Parquet hold the whole span; a body that was broken off lacks its last chunk, its last line and the footer. See docs/open-data.md for formats and limits.',
        params: z.object({ id: z.string().max(300) }),
        querystring,
        response: answers({ 200: { description: 'The observations', content: tableContent(observationsAnswer) } }, 404),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const stream = request.reader.stream(request.params.id);
      const { maxPoints } = query;
      const buckets = bucketsIn(query);
      const span = spanOf(query, clock());
      const excluded = excludedBy(query.quality);
      const ask = { stream, ...span, without: flagsOf(excluded) };
      const exchange = { request, reply };
      const format = formatOf(request, query);
      refuseContradictions(query, format);
      const terms = {
        ...span,
        quality: query.quality,
        excluded,
        datasets: stream.datasets,
        ...(buckets && { every: written(request.url, 'every') ?? '', timeZone: config.timeZone }),
      };
      const method = query.decimate ?? 'minmax';
      const found =
        maxPoints === undefined
          ? undefined
          : await decimate(request.reader.blocks([stream], { ...span, without: ask.without }), {
              maxPoints,
              method,
              span: { from: span.from, to: Math.min(span.to, Math.max(clock(), span.from + 1)) },
            });
      if (format !== 'json') {
        const form = { format, style: csvStyleOf(query), terms, name: stream.datastream.id };
        if (found) return answerDecimated(exchange, { stream, found, method }, form);
        const { limit, cursor } = query;
        const series = { ...ask, streams: [stream], ...(buckets && { buckets }) };
        return answerTable(exchange, desk, { ...form, ask: series, limit, cursor });
      }
      void reply.header('vary', 'Accept');
      const base = {
        datastream: presentStream(stream),
        from: formatTime(span.from),
        to: formatTime(span.to),
        excluded,
        datasets: stream.datasets.map(presentTerms),
      };
      if (found) {
        const decimated = { of: found.of, method };
        return sendJson(reply, { ...base, decimated, observations: presentPoints(found) });
      }
      const page = { ...ask, cursor: query.cursor, limit: query.limit ?? Math.min(1_000, config.maxRows) };
      if (!buckets) return sendJson(reply, { ...base, ...(await valuesOf(exchange, { ...page, order: query.order })) });
      const { next, found: ofTime } = await bucketsOf(exchange, { ...page, every: buckets.every });
      const about = { ...base, every: terms.every, timeZone: config.timeZone, ...(next !== undefined && { next }) };
      return sendText(reply, withBuckets(about, { buckets: ofTime, wanted: buckets.figures }));
    },
  );
};

const sendJson = (reply: FastifyReply, body: object): FastifyReply => sendText(reply, JSON.stringify(body));

/** Written at once: going through the schema member by member would take longer than reading the values. */
const sendText = (reply: FastifyReply, text: string | Buffer): FastifyReply =>
  reply.type('application/json; charset=utf-8').send(text);

interface Contradictory {
  readonly every?: unknown;
  readonly maxPoints?: number | undefined;
  readonly decimate?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
  readonly order: string;
}

const refuseContradictions = (query: Contradictory, format: string): void => {
  const { every, maxPoints, decimate: method, cursor, limit, order } = query;
  const wrong = (path: string, message: string, hint: string) => refuse({ path: `query.${path}`, message, hint });
  if (maxPoints !== undefined) {
    if (every !== undefined)
      wrong('maxPoints', 'chooses single observations, `every` sums them up', 'leave one of them out');
    if (limit !== undefined || cursor !== undefined)
      wrong('maxPoints', 'is one answer without pages', 'leave limit and cursor out');
  } else if (method !== undefined)
    wrong('decimate', 'says how `maxPoints` chooses', 'add maxPoints, or leave decimate out');
  refuseLoneCursor({ cursor, limit }, format);
  if (order === 'ascending') return;
  const what = every === undefined ? (maxPoints === undefined ? format : 'maxPoints') : 'every';
  if (what !== 'json')
    wrong('order', `${what} is always ascending`, 'leave it out, or ask for single observations in JSON');
};

interface Ask {
  readonly stream: Stream;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly without: ReturnType<typeof flagsOf>;
  readonly cursor: string | undefined;
  readonly limit: number;
}

/** The span of the first page is the span of all, also where it was left out. */
const linkedSpan = ({ from, to }: Ask) => ({ from: formatTime(from), to: formatTime(to) });

const valuesOf = async (exchange: Exchange, ask: Ask & { order: 'ascending' | 'descending' }) => {
  const { reader } = exchange.request;
  const { stream, order, limit, without } = ask;
  const list = `${stream.datastream.id} ${order}`;
  const time = instantIn(decodeCursor(list, ask.cursor), ask);
  const span =
    order === 'ascending'
      ? { from: time === undefined ? ask.from : time + 1, to: ask.to }
      : { from: ask.from, to: time ?? ask.to };
  const found: SeenObservation[] = [];
  const range = reader.range(stream, { ...span, order, without, limit: limit + 1 });
  for await (const observation of range) found.push(observation);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const next =
    found.length > limit &&
    last &&
    nextLink(exchange, { ...linkedSpan(ask), cursor: encodeCursor(list, String(last.phenomenonTime)) });
  const style = { timeText: createTimeText(), isOperator: isRegionOperator(reader.principal) };
  return { observations: page.map((observation) => present(observation, style)), ...(next && { next }) };
};

const present = (
  observation: SeenObservation,
  { timeText, isOperator }: { timeText: (time: EpochMs) => string; isOperator: boolean },
) => ({
  phenomenonTime: timeText(observation.phenomenonTime),
  ...presentJudged(observation),
  receivedAt: timeText(observation.receivedAt),
  ...(isOperator && {
    position: observation.position,
    ...(observation.codec !== undefined && { codec: observation.codec }),
    ...(observation.deployment !== undefined && { deployment: observation.deployment }),
  }),
});

const bucketsOf = async (exchange: Exchange, ask: Ask & { every: Parameters<typeof endOfBuckets>[0] }) => {
  const { stream, every, limit, without } = ask;
  const list = `${stream.datastream.id} buckets`;
  const from = instantIn(decodeCursor(list, ask.cursor), ask) ?? ask.from;
  const to = endOfBuckets(every, { from, to: ask.to, count: limit });
  const seenTo = Math.min(to, exchange.request.reader.horizon(stream));
  const found =
    from < seenTo ? await exchange.request.reader.aggregate(stream, { from, to: seenTo, every, without }) : [];
  const next = to < ask.to && nextLink(exchange, { ...linkedSpan(ask), cursor: encodeCursor(list, String(to)) });
  return { found, ...(next && { next }) };
};

const presentPoints = ({ points }: Decimated) =>
  points.map(({ time, value, flag, tests }) => ({
    phenomenonTime: formatTime(time),
    ...presentJudged({ value, flag: flag as SeenObservation['flag'], tests }),
  }));
