import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { formatTime } from '../../model/time.ts';
import { jsonRows } from '../formats/ndjson.ts';
import { csvStyleOf, formatOf, tableContent } from '../formats/table-query.ts';
import { datasetsOf, presentTerms } from '../formats/terms.ts';
import { bucketsIn, observationQuery, refuseLoneCursor, spanOf, written } from '../series/observation-query.ts';
import { excludedBy, excludedSchema, flagsOf, judgedSchema } from '../series/quality-query.ts';
import { boundSpan, columnsOf, pageOfRows, rowsOf, type SeriesAsk } from '../series/series-table.ts';
import { answerTable, linkTo, placeIn, type TableRouteDeps } from '../series/table-answer.ts';
import { kindFilter, placeFilters, streamsThatPass } from '../stream-filter.ts';
import { answers, timeSchema, type ZodApp } from '../zod-app.ts';
import { bucketResource, termsResource } from './observations.ts';

const whose = {
  datastream: z.string(),
  thing: z.string(),
  property: z.string(),
  channel: z.string().optional(),
  unit: z.string().describe('UCUM code'),
};

const head = {
  from: timeSchema,
  to: timeSchema.describe('Exclusive'),
  excluded: excludedSchema,
  datasets: z.array(termsResource).describe('Datasets that the datastreams belong to'),
};

export const searchAnswer = z.union([
  z.object({
    ...head,
    items: z.array(
      z
        .object({ ...whose, phenomenonTime: timeSchema, ...judgedSchema, withheld: z.boolean() })
        .meta({ id: 'FoundObservation' }),
    ),
    next: z.string().optional().describe('Path of the next page'),
  }),
  z.object({
    ...head,
    every: z.string(),
    timeZone: z.string(),
    items: z.array(bucketResource.extend(whose).meta({ id: 'FoundBucket' })),
    next: z.string().optional().describe('Path of the next page'),
  }),
]);

/** Observations of all datastreams that pass some filters, by datastream and time. */
export const addObservationSearch = (app: ZodApp, { config, clock, desk }: TableRouteDeps): void => {
  app.get(
    '/observations',
    {
      config: { access: 'public', etag: true },
      schema: {
        tags: ['observations'],
        summary: 'Observations of many datastreams, by time, place, municipality, use case, property, dataset or thing',
        description:
          'Ordered by datastream and time. JSON comes in pages; CSV, NDJSON and Parquet hold everything that was asked for, or are refused before they begin. Without `quality`, values that failed a test and values the device reported as missing are left out; `excluded` says so. See docs/open-data.md for formats and limits.',
        querystring: z.strictObject({
          ...observationQuery(config),
          ...placeFilters,
          ...kindFilter,
        }),
        response: answers({ 200: { description: 'The observations', content: tableContent(searchAnswer) } }),
      },
    },
    async (request, reply) => {
      const { query, reader } = request;
      const { cursor } = query;
      const buckets = bucketsIn(query);
      const format = formatOf(request, query);
      refuseLoneCursor(query, format);
      const span = spanOf(query, clock());
      const excluded = excludedBy(query.quality);
      const streams = [...streamsThatPass(reader, query)];
      const ask: SeriesAsk = {
        streams,
        ...span,
        without: flagsOf(excluded),
        ...(buckets && { buckets }),
      };
      const datasets = datasetsOf(streams);
      const widths = buckets && { every: written(request.url, 'every') ?? '', timeZone: config.timeZone };
      if (format !== 'json') {
        const terms = { ...span, quality: query.quality, excluded, datasets, ...widths };
        const [limit, style, name] = [query.limit, csvStyleOf(query), query.dataset ?? 'observations'];
        return answerTable({ request, reply }, desk, { ask, format, style, terms, name, limit, cursor });
      }
      boundSpan(ask);
      const limit = query.limit ?? Math.min(1_000, config.maxRows);
      const page = await pageOfRows(rowsOf(reader, ask, placeIn(ask, cursor)), limit);
      const next = linkTo({ request, reply }, ask, page.next);
      const about = { from: formatTime(span.from), to: formatTime(span.to), excluded, ...widths };
      const begin = JSON.stringify({ ...about, datasets: datasets.map(presentTerms) }).slice(0, -1);
      const items = jsonRows(page.blocks, columnsOf(ask));
      const end = next === undefined ? '}' : `,"next":${JSON.stringify(next)}}`;
      return sendText(reply, `${begin},"items":[${items}]${end}`);
    },
  );
};

/** The rows are written as JSON already; the schema is for the documentation. */
const sendText = (reply: FastifyReply, text: string): FastifyReply =>
  reply.header('vary', 'Accept').type('application/json; charset=utf-8').send(text);
