import { MINUTE } from '../model/time.ts';
import { devEuiOf, topicOf, uplinkBody } from '../test/support/chirpstack-uplink.ts';

export const DEVICES = 500;
/** battery_level, container_temperature, distance, tilt: the deployments have no mounting parameters, so no fill level. */
export const VALUES_PER_UPLINK = 4;
/**
 * Envelope time between two uplinks of a device. It keeps below the 240 an hour at which the profile's flood limit begins,
 * and spreads 200,000 uplinks over three days, as a backlog does.
 */
const INTERVAL_MS = 10 * MINUTE;
const DEPLOYED_FROM = '2020-01-01T00:00:00Z';

interface Message {
  readonly topic: string;
  readonly body: Buffer;
}

/** Uplink number n of all devices in turn; `time` is the network's time of receipt, epoch ms. */
export const messageOf = (n: number, time: number): Message => {
  const devEui = devEuiOf(n % DEVICES);
  const temperatureC = -5 + (n % 311) / 10;
  const body = uplinkBody({
    devEui,
    fCnt: Math.floor(n / DEVICES),
    time,
    distanceMm: 500 + (n % 1009),
    temperatureC,
  });
  return { topic: topicOf(devEui), body };
};

/** Envelope time of uplink n of `count` whose last ones are of about `end`. */
export const pastTimeOf = (n: number, { count, end }: { count: number; end: number }): number => {
  const rounds = Math.ceil(count / DEVICES);
  const offsetMs = Math.round(((n % DEVICES) * INTERVAL_MS) / DEVICES);
  return end - (rounds - Math.floor(n / DEVICES)) * INTERVAL_MS + offsetMs;
};

/** Registry entries of all devices, each deployed at a thing of its own. */
export const regionEntities = (): unknown[] => {
  const geometry = { type: 'Point', coordinates: [10.2, 54.4] };
  return [
    { kind: 'municipality', put: { id: 'bench', name: 'Bench', key: '01057001' } },
    { kind: 'site', put: { id: 'bench-site', name: 'Bench site', municipality: 'bench', geometry } },
    ...Array.from({ length: DEVICES }, (_, i) => [
      { kind: 'thing', put: { id: thingOf(i), name: `Slot ${i}`, kind: 'container_slot', site: 'bench-site' } },
      { kind: 'device', put: { id: devEuiOf(i), profile: 'milesight/em400-tld' } },
      {
        kind: 'deployment',
        put: { id: `bench-${i}`, device: devEuiOf(i), thing: thingOf(i), from: DEPLOYED_FROM },
      },
    ]).flat(),
  ];
};

const thingOf = (device: number): string => `bench-slot-${device}`;
