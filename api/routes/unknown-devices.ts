import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { Catalogue } from '../../devices/catalogue.ts';
import { guessProfiles } from '../../devices/guess.ts';
import { devEuiSchema, instantSchema, parametersSchema } from '../../model/registry.ts';
import { formatTime } from '../../model/time.ts';
import type { UnknownDevice } from '../../store/journal.ts';
import type { RouteDeps } from '../deps.ts';
import { jobResource, presentJob } from '../job-resource.ts';
import { decodeCursor, nextPage, pageOf, pageQueryOf } from '../paging.ts';
import { answers, timeSchema, type ZodApp } from '../zod-app.ts';

const unknownResource = z
  .object({
    devEui: z.string(),
    network: z.string(),
    deviceName: z.string().optional().describe('As the network server calls it'),
    firstSeen: timeSchema,
    lastSeen: timeSchema,
    uplinks: z.number().int(),
    frames: z
      .array(z.object({ position: z.number().int(), fPort: z.number().int(), hex: z.string() }))
      .describe('The newest frames, newest first'),
    guesses: z
      .array(z.object({ profile: z.string(), score: z.number() }))
      .describe('Profiles that explain these frames best, the likeliest first'),
  })
  .meta({ id: 'UnknownDevice' });

/** More say little to whoever has to choose. */
const GUESSES = 3;
/** A list of many devices is to answer at once. */
const GUESSED_FRAMES = 3;

const guessesOf = (catalogue: Catalogue, { frames, lastSeen }: UnknownDevice) =>
  guessProfiles(
    catalogue,
    frames.slice(0, GUESSED_FRAMES).map(({ fPort, hex }) => ({ fPort, bytes: Uint8Array.fromHex(hex) })),
    { receivedAt: lastSeen, limit: GUESSES },
  ).map(({ profile, score }) => ({ profile, score }));

const present = ({ firstSeen, lastSeen, frames, ...device }: UnknownDevice) => ({
  ...device,
  firstSeen: formatTime(firstSeen),
  lastSeen: formatTime(lastSeen),
  frames: [...frames],
});

const adoptBody = z.strictObject({
  profile: z.string().max(200).describe('vendor/model of the catalogue'),
  name: z.string().trim().min(1).max(200).optional(),
  parameters: parametersSchema.optional(),
  thing: z.string().max(80).optional().describe('Thing that it monitors'),
  from: instantSchema.optional().describe('Since when it does; default: its first uplink'),
  mounting: parametersSchema.optional().describe('Parameters of the deployment'),
});

export const addUnknownDevices = (app: ZodApp, { commands, catalogue }: RouteDeps): void => {
  app.get(
    '/unknown-devices',
    {
      config: { access: 'region-operator' },
      schema: {
        tags: ['operation'],
        summary: 'Devices that were heard and are not registered',
        querystring: z.strictObject(pageQueryOf('unknown-devices')),
        response: answers({ 200: pageOf(unknownResource) }),
      },
    },
    async (request, reply) => {
      const { limit, cursor } = request.query;
      const after = decodeCursor('unknown-devices', cursor);
      const page = await request.reader.journal().unknownDevices({ limit, ...(after !== undefined && { after }) });
      const items = [];
      for (const device of page.items) {
        items.push({ ...present(device), guesses: guessesOf(catalogue, device) });
        // A guess may take some milliseconds, and everybody else's requests run in this thread.
        await nextTurn();
      }
      return reply.send({
        items,
        ...nextPage({ request, reply }, 'unknown-devices', page.next),
      });
    },
  );

  app.post(
    '/unknown-devices/:devEui/adopt',
    {
      config: { access: 'region-operator' },
      schema: {
        tags: ['operation'],
        summary: 'Register an unknown device and replay its past',
        params: z.object({ devEui: devEuiSchema.describe('DevEUI') }),
        body: adoptBody,
        response: answers({ 202: jobResource }, 404, 409, 413, 415, 422),
      },
    },
    async (request, reply) => {
      const { from, profile, name, parameters, thing, mounting } = request.body;
      const job = await commands.adopt(request.params.devEui, {
        profile,
        ...(name !== undefined && { name }),
        ...(parameters && { parameters }),
        ...(thing !== undefined && { thing }),
        ...(mounting && { mounting }),
        ...(from !== undefined && { from: Date.parse(from) }),
      });
      return reply.code(202).header('location', `/api/v1/reprocess/${job.id}`).send(presentJob(job));
    },
  );
};
