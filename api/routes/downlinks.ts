import { z } from 'zod';
import type { DownlinkOrder } from '../../model/downlink.ts';
import { HubError } from '../../model/errors.ts';
import { devEuiSchema } from '../../model/registry.ts';
import { formatTime } from '../../model/time.ts';
import type { RouteDeps } from '../deps.ts';
import { decodeCursor, nextPage, pageOf, pageQueryOf } from '../paging.ts';
import { answers, timeSchema, type ZodApp } from '../zod-app.ts';

const state = z.enum(['queued', 'sent', 'acknowledged', 'failed']);

const downlinkResource = z
  .object({
    id: z.string(),
    device: z.string().describe('DevEUI'),
    network: z.string(),
    fPort: z.number().int(),
    hex: z.string(),
    data: z.record(z.string(), z.unknown()).optional().describe('What was encoded'),
    confirmed: z.boolean(),
    state: state.describe('acknowledged: the device has answered; without `confirmed` a downlink stays sent'),
    history: z
      .array(z.object({ state, at: timeSchema, by: z.string(), detail: z.string().optional() }))
      .describe('Every state with when, by whom and why; who gave the order stands first'),
  })
  .meta({ id: 'Downlink' });

const present = ({ data, history, ...order }: DownlinkOrder) => ({
  ...order,
  ...(data && { data: { ...data } }),
  history: history.map(({ at, ...step }) => ({ ...step, at: formatTime(at) })),
});

const common = {
  confirmed: z.boolean().default(false).describe('The device shall answer'),
  dryRun: z.boolean().default(false).describe('Only encode: nothing is written down or sent'),
};
const body = z.union(
  [
    z.strictObject({ data: z.record(z.string(), z.unknown()).describe("For the model's encoder"), ...common }),
    z.strictObject({
      fPort: z.number().int().min(1).max(223),
      hex: z.string().regex(/^([0-9a-fA-F]{2}){0,242}$/, 'whole bytes of 0-9 a-f, at most 242'),
      ...common,
    }),
  ],
  { error: 'write {"data": {…}} or {"fPort": 85, "hex": "ff10ff"}' },
);

const tags = ['downlinks'];
const config = { access: 'region-operator' } as const;

/** Telling devices something: encoded, written down, handed to the network server, and followed up. */
export const addDownlinks = (app: ZodApp, { downlinks }: RouteDeps): void => {
  app.post(
    '/devices/:devEui/downlinks',
    {
      config,
      schema: {
        tags,
        summary: 'Send something to a device',
        params: z.object({ devEui: devEuiSchema.describe('DevEUI') }),
        body,
        response: answers({ 200: downlinkResource, 202: downlinkResource }, 404, 409, 413, 415, 422),
      },
    },
    async (request, reply) => {
      const { dryRun, confirmed, ...what } = request.body;
      const by = request.reader.principal.token ?? 'unknown';
      const { order } = await downlinks.order(request.params.devEui, { ...what, confirmed }, { by, dryRun });
      // Of an order that was only tried there is nothing to look up.
      if (dryRun) return reply.send(present(order));
      return reply.code(202).header('location', `/api/v1/downlinks/${order.id}`).send(present(order));
    },
  );

  app.get(
    '/downlinks',
    {
      config,
      schema: {
        tags,
        summary: 'What devices were sent, and what became of it; newest first',
        querystring: z.strictObject({
          ...pageQueryOf('downlinks'),
          device: devEuiSchema.optional().describe('DevEUI'),
        }),
        response: answers({ 200: pageOf(downlinkResource) }),
      },
    },
    async (request, reply) => {
      const { limit, cursor, device } = request.query;
      const before = decodeCursor('downlinks', cursor);
      const orders = await downlinks.list({
        limit,
        ...(device !== undefined && { device }),
        ...(before !== undefined && { before }),
      });
      const next = orders.length === limit ? orders.at(-1)?.id : undefined;
      return reply.send({ items: orders.map(present), ...nextPage({ request, reply }, 'downlinks', next) });
    },
  );

  app.get(
    '/downlinks/:id',
    {
      config,
      schema: {
        tags,
        summary: 'One downlink',
        params: z.object({ id: z.string().max(100).describe('Id of the downlink') }),
        response: answers({ 200: downlinkResource }, 404),
      },
    },
    async (request, reply) => {
      const order = await downlinks.get(request.params.id);
      if (!order) throw new HubError('HUB_NOT_FOUND', `There is no downlink "${request.params.id}"`);
      return reply.send(present(order));
    },
  );
};
