import { z } from 'zod';
import { type Deployment, type Device, deploymentSchema, deviceSchema } from '../../model/registry.ts';
import { formatTime } from '../../model/time.ts';
import type { Reader } from '../access.ts';
import { addCollection, passes } from '../collection.ts';
import type { RouteDeps } from '../deps.ts';
import { deviceStates, deviceStatuses } from '../device-state.ts';
import { timeSchema, type ZodApp } from '../zod-app.ts';

const deviceResource = z
  .object({
    ...deviceSchema.shape,
    status: z.enum(deviceStatuses).describe('silent: nothing for three reporting intervals; never: nothing yet'),
    lastSeen: timeSchema.optional(),
    batteryPercent: z.number().optional(),
    batteryV: z.number().optional(),
    things: z.array(z.string()).describe('Where it is deployed now'),
  })
  .meta({ id: 'Device' });

const deploymentResource = z.object(deploymentSchema.shape).meta({ id: 'Deployment' });

const isIn = (reader: Reader, thing: string, municipality: string): boolean =>
  reader.find('site', reader.find('thing', thing)?.site ?? '')?.municipality === municipality;

export const addDevices = (app: ZodApp, { catalogue, clock }: RouteDeps): void => {
  const statesOf = (devices: readonly Device[], reader: Reader) =>
    deviceStates(devices, { reader, catalogue, now: clock() });

  addCollection(app, {
    path: 'devices',
    access: 'reader',
    tag: 'registry',
    what: 'devices',
    item: deviceResource,
    filters: {
      profile: z.string().optional().describe('vendor/model'),
      thing: z.string().optional().describe('Deployed there, now or once'),
      municipality: z.string().optional().describe('Deployed there, now or once'),
      status: z.enum(deviceStatuses).optional(),
    },
    keyOf: ({ id }: Device) => id,
    list: (reader, { profile, thing, municipality, status }, after) => {
      const devices = reader.list('device', after).filter((device) => {
        if (!passes(profile, device.profile)) return false;
        if (thing === undefined && municipality === undefined) return true;
        return reader
          .deploymentsOf({ device: device.id })
          .some(
            (deployment) =>
              passes(thing, deployment.thing) &&
              (municipality === undefined || isIn(reader, deployment.thing, municipality)),
          );
      });
      return status === undefined
        ? devices
        : withStatus(devices, { status, statesOf: (some) => statesOf(some, reader) });
    },
    get: (reader, id) => reader.get('device', id),
    present: async (devices, reader) => {
      const states = await statesOf(devices, reader);
      return devices.map((device, i) => {
        const { lastSeen, things = [], ...state } = states[i] ?? { status: 'never' as const };
        return {
          ...device,
          ...state,
          things: [...things],
          ...(lastSeen !== undefined && { lastSeen: formatTime(lastSeen) }),
        };
      });
    },
  });

  addCollection(app, {
    path: 'deployments',
    access: 'reader',
    tag: 'registry',
    what: 'deployments: which device measured at which thing, from when to when',
    item: deploymentResource,
    filters: {
      device: z.string().optional(),
      thing: z.string().optional(),
      active: z.enum(['true', 'false']).optional().describe('Whether it lasts now'),
    },
    keyOf: ({ id }: Deployment) => id,
    list: (reader, filters, after) => {
      const now = clock();
      const lasts = ({ from, to }: Deployment) => Date.parse(from) <= now && (to === null || now < Date.parse(to));
      return reader
        .list('deployment', after)
        .filter(
          (deployment) =>
            passes(filters.device, deployment.device) &&
            passes(filters.thing, deployment.thing) &&
            passes(filters.active, String(lasts(deployment))),
        );
    },
    get: (reader, id) => reader.get('deployment', id),
    present: (entries) => [...entries],
  });
};

/** Devices whose state is looked up at once while a page is being filled. */
const CHUNK = 200;

async function* withStatus(
  devices: Iterable<Device>,
  { status, statesOf }: { status: string; statesOf: (devices: readonly Device[]) => Promise<{ status: string }[]> },
): AsyncGenerator<Device> {
  const source = Iterator.from(devices);
  for (let chunk = take(source); chunk.length > 0; chunk = take(source)) {
    const states = await statesOf(chunk);
    yield* chunk.filter((_, i) => states[i]?.status === status);
  }
}

const take = (source: Iterator<Device>): Device[] => {
  const chunk: Device[] = [];
  while (chunk.length < CHUNK) {
    const { value, done } = source.next();
    if (done) break;
    chunk.push(value);
  }
  return chunk;
};
