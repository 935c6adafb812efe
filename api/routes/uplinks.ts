import { z } from 'zod';
import { formatTime } from '../../model/time.ts';
import type { ParsedMessage } from '../../model/uplink.ts';
import { outcomes } from '../../store/journal.ts';
import type { Reader } from '../access.ts';
import { judgedSchema, presentJudged } from '../series/quality-query.ts';
import type { Trace } from '../trace-port.ts';
import { answers, timeSchema, type ZodApp } from '../zod-app.ts';

const traceResource = z
  .object({
    position: z.number().int(),
    entry: z
      .object({
        network: z.string(),
        topic: z.string().optional(),
        arrivedAt: timeSchema,
        kind: z.string(),
        devEui: z.string().optional(),
        corrupt: z.boolean(),
        body: z.string().optional().describe('The message as it was received, where it is text'),
        bodyBase64: z.string().optional().describe('Where it is not'),
      })
      .describe('What the network server handed over'),
    event: z.record(z.string(), z.unknown()).describe('What the network adapter reads in it; bytes in hexadecimal'),
    receptions: z.array(
      z.object({
        network: z.string(),
        gatewayId: z.string(),
        rssiDbm: z.number().optional(),
        snrDb: z.number().optional(),
        time: timeSchema.optional(),
      }),
    ),
    outcome: z.enum(outcomes),
    reason: z.object({ code: z.string().optional(), detail: z.string().optional() }).optional(),
    codec: z.string().optional().describe('vendor/model@version that reads it today'),
    records: z.array(z.object({ time: timeSchema.optional(), fields: z.record(z.string(), z.unknown()) })),
    values: z.array(
      z.object({
        property: z.string(),
        channel: z.string().optional(),
        value: z.number().nullable(),
        time: timeSchema,
        record: z.number().int(),
        health: z.boolean(),
      }),
    ),
    warnings: z.array(z.string()),
    observations: z
      .array(
        z.object({
          datastream: z.string(),
          phenomenonTime: timeSchema,
          ...judgedSchema,
          unit: z.string(),
          record: z.number().int(),
          storedAt: timeSchema,
          codec: z.string().optional().describe('Codec that read it then'),
          deployment: z.string().optional(),
        }),
      )
      .describe('What is stored of it'),
  })
  .meta({ id: 'UplinkTrace' });

export const addUplinks = (app: ZodApp): void => {
  app.get(
    '/uplinks/:position/trace',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['operation'],
        summary: 'The whole way of an uplink: envelope, frame, gateways, codec, values, observations',
        params: z.object({ position: z.coerce.number().int().positive() }),
        response: answers({ 200: traceResource }, 404),
      },
    },
    async (request, reply) => {
      const { reader, params } = request;
      return reply.header('cache-control', 'no-store').send(present(await reader.trace(params.position), reader));
    },
  );
};

const present = (trace: Trace, reader: Reader): z.input<typeof traceResource> => {
  const { entry, message, receptions, outcome, reason, codec, records, values, warnings, observations } = trace;
  return {
    position: entry.position,
    entry: {
      network: entry.network,
      ...(entry.topic !== undefined && { topic: entry.topic }),
      arrivedAt: formatTime(entry.arrivedAt),
      kind: entry.kind,
      ...(entry.devEui !== undefined && { devEui: entry.devEui }),
      corrupt: entry.corrupt,
      ...presentBody(entry.body),
    },
    event: presentEvent(message),
    receptions: receptions.map(({ network, gatewayId, rssiDbm, snrDb, time }) => ({
      network,
      gatewayId,
      ...(rssiDbm !== undefined && { rssiDbm }),
      ...(snrDb !== undefined && { snrDb }),
      ...(time !== undefined && { time: formatTime(time) }),
    })),
    outcome,
    ...(reason && { reason }),
    ...(codec !== undefined && { codec }),
    records: records.map(({ time, fields }) => ({ ...(time !== undefined && { time: formatTime(time) }), fields })),
    values: values.map((value) => ({ ...value, time: formatTime(value.time) })),
    warnings: [...warnings],
    observations: observations.flatMap((observation) => {
      const stream = reader.streamByKey(observation.datastream);
      if (!stream) return [];
      return [
        {
          datastream: stream.datastream.id,
          phenomenonTime: formatTime(observation.phenomenonTime),
          ...presentJudged(observation),
          unit: stream.datastream.unit,
          record: observation.record,
          storedAt: formatTime(observation.storedAt),
          ...(observation.codec !== undefined && { codec: observation.codec }),
          ...(observation.deployment !== undefined && { deployment: observation.deployment }),
        },
      ];
    }),
  };
};

const presentBody = (body: Uint8Array): { body: string } | { bodyBase64: string } => {
  try {
    return { body: new TextDecoder('utf-8', { fatal: true }).decode(body) };
  } catch {
    return { bodyBase64: Buffer.from(body).toString('base64') };
  }
};

const presentEvent = (message: ParsedMessage): Record<string, unknown> => {
  const event: Record<string, unknown> = { ...message };
  if ('receivedAt' in message && message.receivedAt !== undefined) event.receivedAt = formatTime(message.receivedAt);
  if (message.kind === 'uplink') {
    event.bytes = Buffer.from(message.bytes).toString('hex');
    // Told for all gateways and networks in `receptions`.
    delete event.receptions;
  }
  return event;
};
