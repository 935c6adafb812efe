import type { Catalogue } from '../devices/catalogue.ts';
import { type Device, deviceThingId } from '../model/registry.ts';
import { DAY, type EpochMs, SECOND } from '../model/time.ts';
import type { Reader } from './access.ts';

export const deviceStatuses = ['active', 'silent', 'never'] as const;

export interface DeviceState {
  /** `silent` after three reporting intervals without a sign; `never` without any. */
  readonly status: (typeof deviceStatuses)[number];
  /** When the network last received something that became an observation. */
  readonly lastSeen?: EpochMs;
  readonly batteryPercent?: number;
  readonly batteryV?: number;
  /** Where it is deployed now. */
  readonly things: readonly string[];
}

const INTERVALS_UNTIL_SILENT = 3;

/** What is known of devices from their newest observations, in the order asked for. */
export const deviceStates = async (
  devices: readonly Device[],
  { reader, catalogue, now }: { reader: Reader; catalogue: Catalogue; now: EpochMs },
): Promise<DeviceState[]> => {
  const asked = devices.map((device) => {
    const deployments = reader.deploymentsOf({ device: device.id });
    const things = [...new Set(deployments.map(({ thing }) => thing))];
    return {
      device,
      own: reader.streamsOfThing(deviceThingId(device.id)),
      regional: things.flatMap((thing) => reader.streamsOfThing(thing)),
      deploymentIds: new Set(deployments.map(({ id }) => id)),
      things: deployments.filter(({ fromMs, toMs }) => fromMs <= now && now < toMs).map(({ thing }) => thing),
    };
  });
  const newest = await reader.latest([...new Set(asked.flatMap(({ own, regional }) => [...own, ...regional]))]);
  return asked.map(({ device, own, regional, deploymentIds, things }) => {
    const seen: EpochMs[] = [];
    for (const { datastream } of own) {
      const observation = newest.get(datastream.key);
      if (observation) seen.push(observation.receivedAt);
    }
    for (const { datastream } of regional) {
      const observation = newest.get(datastream.key);
      // Several devices may measure at one thing.
      if (observation && deploymentIds.has(observation.deployment ?? '')) seen.push(observation.receivedAt);
    }
    const lastSeen = seen.length > 0 ? Math.max(...seen) : undefined;
    const healthValue = (property: string): number | undefined => {
      const stream = own.find(({ datastream }) => datastream.property === property);
      return (stream && newest.get(stream.datastream.key)?.value) ?? undefined;
    };
    const batteryPercent = healthValue('battery_level');
    const batteryV = healthValue('battery_voltage');
    const intervalMs = (catalogue.get(device.profile)?.profile.reportingIntervalS ?? DAY / SECOND) * SECOND;
    const isSilent = lastSeen !== undefined && now - lastSeen > INTERVALS_UNTIL_SILENT * intervalMs;
    return {
      status: lastSeen === undefined ? 'never' : isSilent ? 'silent' : 'active',
      ...(lastSeen !== undefined && { lastSeen }),
      ...(batteryPercent !== undefined && { batteryPercent }),
      ...(batteryV !== undefined && { batteryV }),
      things,
    };
  });
};
