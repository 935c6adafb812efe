import { z } from 'zod';
import { useCases } from '../../model/registry.ts';
import { DAY, formatTime } from '../../model/time.ts';
import type { EventKey } from '../../store/events.ts';
import type { SeenEvent } from '../access.ts';
import type { RouteDeps } from '../deps.ts';
import { cursorInvalid, decodeCursor, encodeCursor, firstPage, nextLink, pageOf, pageQueryOf } from '../paging.ts';
import { refuse } from '../problem.ts';
import { streamPasses } from '../stream-filter.ts';
import { answers, queryInstant, timeSchema, type ZodApp } from '../zod-app.ts';

/** Without `from`. */
const USUAL_SPAN = 30 * DAY;

const eventResource = z
  .object({
    kind: z.string().describe('What happened: emptying, surge'),
    time: timeSchema.describe('When it happened or began'),
    until: timeSchema.optional().describe('When it was over; absent for what takes no time'),
    value: z.number().optional().describe('The figure that matters most, in the unit of the datastream'),
    unit: z.string().describe('UCUM code'),
    label: z.string().describe('Sort or class within the kind'),
    detail: z.record(z.string(), z.union([z.number(), z.string()])).describe('Further figures'),
    thing: z.string(),
    datastream: z.string().describe('The datastream it was read from'),
    site: z.string().optional(),
    municipality: z.string().optional(),
    useCase: z.enum(useCases),
    simulated: z.boolean().describe('Invented by the simulator'),
  })
  .meta({ id: 'Event' });

const present = ({ event, stream }: SeenEvent) => ({
  kind: event.kind,
  time: formatTime(event.time),
  ...(event.until !== undefined && { until: formatTime(event.until) }),
  ...(event.value !== undefined && { value: event.value }),
  unit: stream.datastream.unit,
  label: event.label,
  detail: { ...event.detail },
  thing: stream.thing.id,
  datastream: stream.datastream.id,
  ...(stream.site && { site: stream.site.id }),
  ...(stream.municipality && { municipality: stream.municipality.id }),
  useCase: stream.useCase,
  simulated: stream.thing.simulated,
});

const keyOf = ({ event: { time, datastream, derivation, kind } }: SeenEvent): string =>
  [time, datastream, derivation, kind].join('~');

const KEY = /^(\d{1,15})~(\d{1,9})~([\w-]{1,80})~([\w-]{1,80})$/;

const keyIn = (cursor: string | undefined): EventKey | undefined => {
  const after = decodeCursor('events', cursor);
  if (after === undefined) return undefined;
  const [, time, datastream, derivation, kind] = KEY.exec(after) ?? [];
  if (time === undefined || derivation === undefined || kind === undefined) throw cursorInvalid();
  return { time: Number(time), datastream: Number(datastream), derivation, kind };
};

export const addEvents = (app: ZodApp, { clock }: RouteDeps): void => {
  app.get(
    '/events',
    {
      config: { access: 'public' },
      schema: {
        tags: ['observations'],
        summary: 'What happened at things, newest first: emptyings, storm surges',
        description:
          'Read by the hub from observations, and corrected when later ones say otherwise. You see an event when you may see every observation it rests on.',
        querystring: z.strictObject({
          ...pageQueryOf('events', '\\d{1,15}~\\d{1,9}~[a-z0-9_-]{1,80}~[a-z0-9_-]{1,80}'),
          kind: z.string().max(60).optional().describe('emptying or surge'),
          thing: z.string().max(80).optional().describe('Only at this thing'),
          site: z.string().max(80).optional().describe('Only at this site'),
          municipality: z.string().max(80).optional().describe('Only in this municipality'),
          from: queryInstant.optional().describe('Begin, inclusive; default: 30 days before `to`'),
          to: queryInstant.optional().describe('End, exclusive; default: now'),
        }),
        response: answers({ 200: pageOf(eventResource) }),
      },
    },
    async (request, reply) => {
      const { kind, limit, cursor, ...query } = request.query;
      const to = query.to ?? clock();
      const from = query.from ?? to - USUAL_SPAN;
      if (from >= to) refuse({ path: 'query.from', message: 'lies not before `to`', hint: 'swap from and to' });
      const after = keyIn(cursor);
      const events = request.reader.events((stream) => streamPasses(stream, query), {
        from,
        to,
        ...(kind !== undefined && { kinds: [kind] }),
        ...(after && { after }),
      });
      const found = await firstPage(events, { limit, keyOf });
      // The span of the first page is the span of all, also where it was left out.
      const next =
        found.after !== undefined &&
        nextLink(
          { request, reply },
          { from: formatTime(from), to: formatTime(to), cursor: encodeCursor('events', found.after) },
        );
      return reply.send({ items: found.page.map(present), ...(next && { next }) });
    },
  );
};
