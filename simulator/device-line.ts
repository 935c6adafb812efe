import type { UplinkEncoder } from '../devices/codec.ts';
import { HubError } from '../model/errors.ts';
import { type ThingKind, thingKinds } from '../model/registry.ts';
import { DAY, type EpochMs, SECOND } from '../model/time.ts';
import { createDelivery, type SentFrame, type Surroundings } from './delivery.ts';
import { chirpstackJoin, chirpstackStatus } from './networks/chirpstack.ts';
import { hex32, type NetworkDevice } from './networks/message.ts';
import { thingsStackJoin } from './networks/things-stack.ts';
import { createRadio, type Hearing, type Radio } from './radio.ts';
import { between, keyed, keyOf, uniform } from './random.ts';
import { sensorOf } from './sensors/models.ts';
import type { Sensor, Transmission } from './sensors/sensor.ts';
import type { Placed } from './truth/world.ts';

/** One device and its radio, step by step. */
export interface DeviceLine {
  /** When the next interval's first message may leave. */
  readonly nextAt: EpochMs;
  /** Sends the next interval's frames. */
  step(): void;
}

interface LineOptions {
  readonly seed: number;
  /** Begins with the interval that holds this instant: of a long one, the later frames may still count. */
  readonly from: EpochMs;
  readonly encoders: ReadonlyMap<string, UplinkEncoder>;
}

const applications: Readonly<Partial<Record<ThingKind, string>>> = {
  container_slot: 'Abfall',
  road_cross_section: 'Verkehr',
  gauge: 'Küste',
  weather_station: 'Wetter',
  meter: 'Energie',
  parking_bay: 'Parken',
  air_station: 'Umwelt',
};
/** Loss of the place of mounting in dB: steel containers, cellars, the ground under cars. */
const shielding: Readonly<Partial<Record<ThingKind, number>>> = { container_slot: 6, meter: 9, parking_bay: 8 };
/** More frames than a device of a varying number sends in a session. */
const MOST_FRAMES = 65_536;
/** EU868 default and usual additional channels in Hz (RP002-1.0.4 §2.4.2). */
const channels = [
  868_100_000, 868_300_000, 868_500_000, 867_100_000, 867_300_000, 867_500_000, 867_700_000, 867_900_000,
];
/** A device joins so long before its first frame. */
const JOIN_LEAD = 9 * SECOND;

interface Line {
  readonly key: number;
  readonly device: NetworkDevice;
  readonly sensor: Sensor;
  readonly radio: Radio;
  readonly encoder: UplinkEncoder;
  /** Intervals from one join to the next: resets, exchanged batteries. */
  readonly intervalsPerSession: number;
  /** Frames in the session before an interval. */
  readonly framesBefore: (session: number, interval: number) => number;
  readonly around: Surroundings;
  readonly deliver: (frame: SentFrame, hearings: readonly Hearing[]) => void;
}

/** The line of a placed device. Throws HUB_CODEC_UNKNOWN_PROFILE where sensor or encoder are missing. */
export const createDeviceLine = (placed: Placed, options: LineOptions, around: Surroundings): DeviceLine => {
  const line = lineOf(placed, options, around);
  const { firstAt, intervalMs } = line.sensor;
  let interval = Math.max(0, Math.floor((options.from - firstAt) / intervalMs));
  return {
    get nextAt() {
      return firstAt + interval * intervalMs - JOIN_LEAD;
    },
    step: () => {
      sendInterval(line, interval);
      interval++;
    },
  };
};

const lineOf = (placed: Placed, { seed, encoders }: LineOptions, around: Surroundings): Line => {
  const { thing, device, site } = placed;
  const sensor = sensorOf(placed, seed);
  const encoder = encoders.get(device.profile);
  if (!sensor || !encoder)
    throw new HubError('HUB_CODEC_UNKNOWN_PROFILE', `The simulator cannot speak for ${device.profile}`);
  const radio = createRadio(
    {
      devEui: device.id,
      at: site.geometry.coordinates,
      shieldingDb: shielding[thing.kind] ?? 0,
      // Five frames a quarter of an hour: enough of them already.
      mayRoam: thing.kind !== 'road_cross_section',
    },
    seed,
  );
  const key = keyOf(device.id, keyOf('line', seed));
  const { name = thing.name, profile, id: devEui } = device;
  const application = applications[thing.kind] ?? thingKinds[thing.kind];
  const intervalsPerSession = Math.round((between(key, 1, [9, 40]) * DAY) / sensor.intervalMs);
  return {
    key,
    device: { devEui, name, profile, application, thing: thing.id },
    sensor,
    radio,
    encoder,
    intervalsPerSession,
    framesBefore: frameCounter(sensor, intervalsPerSession),
    around,
    deliver: createDelivery(radio.settings, around),
  };
};

/** Counts on from one interval to the next where the number of frames varies; only the first time from the session's begin. */
const frameCounter = (sensor: Sensor, intervalsPerSession: number): Line['framesBefore'] => {
  let known = { session: -1, interval: 0, frames: 0 };
  return (session, interval) => {
    const first = session * intervalsPerSession;
    if (!sensor.framesIn) return (interval - first) * sensor.framesPerInterval;
    if (known.session !== session || known.interval > interval) known = { session, interval: first, frames: 0 };
    for (; known.interval < interval; known.interval++) known.frames += sensor.framesIn(known.interval);
    return known.frames;
  };
};

const sendInterval = (line: Line, interval: number): void => {
  const { sensor, radio, intervalsPerSession, around } = line;
  const session = Math.floor(interval / intervalsPerSession);
  // Of the device's life.
  const firstFrame = session * (sensor.framesIn ? MOST_FRAMES : intervalsPerSession * sensor.framesPerInterval);
  const framesBefore = line.framesBefore(session, interval);
  const devAddr = devAddrOf(line, session);
  const transmissions = sensor.transmissions(interval);
  if (interval % intervalsPerSession === 0) join(line, { session, devAddr, before: transmissions[0]?.time ?? 0 });
  let best: Hearing | undefined;
  transmissions.forEach((transmission, i) => {
    const number = firstFrame + framesBefore + i;
    const hearings = radio.hear(number);
    best = hearings[0] ?? best;
    around.counts.sent++;
    line.deliver(frameOf(line, transmission, { number, devAddr, fCnt: number - firstFrame }), hearings);
  });
  const lastAt = transmissions.at(-1)?.time;
  if (best && lastAt !== undefined && asksStatus(line, interval)) status(line, lastAt + 4 * SECOND, best);
};

/** ChirpStack asks once a day how the device is; The Things Stack tells its applications nothing of it. */
const asksStatus = ({ key, radio, sensor }: Line, interval: number): boolean => {
  const perDay = Math.round(DAY / sensor.intervalMs);
  return radio.settings.home === 'demo-chirpstack' && interval % perDay === Math.floor(uniform(key, 2) * perDay);
};

/** Networks give device addresses out of their own blocks (NetID); these are experimental ones. */
const devAddrOf = ({ key, radio }: Line, session: number): string =>
  (radio.settings.home === 'demo-tts' ? '03' : '01') + hex32(keyed(key, 1_000 + session)).slice(2);

interface Numbers {
  /** Of the frame in the device's life. */
  readonly number: number;
  readonly devAddr: string;
  readonly fCnt: number;
}

const frameOf = (
  { key, device, encoder, radio }: Line,
  { time, fields, fPort }: Transmission,
  { number, devAddr, fCnt }: Numbers,
): SentFrame => {
  const frameKey = keyed(key, 10_000_000 + number);
  return {
    device,
    devAddr,
    fCnt,
    ...encoder.encodeUplink(fields, fPort === undefined ? undefined : { fPort }),
    spreadingFactor: radio.settings.spreadingFactor,
    frequencyHz: channels[frameKey & 7] ?? 868_100_000,
    heardAt: time,
    key: frameKey,
  };
};

interface JoinOptions {
  readonly session: number;
  readonly devAddr: string;
  /** The first frame of the session. */
  readonly before: EpochMs;
}

const join = ({ device, key, radio, around }: Line, { session, devAddr, before }: JoinOptions): void => {
  const at = before - JOIN_LEAD + Math.round(2_000 * uniform(key, 20_000_000 + session));
  const event = { device, at, key: keyed(key, 30_000_000 + session) };
  const write = radio.settings.home === 'demo-tts' ? thingsStackJoin : chirpstackJoin;
  around.publish(at, { message: () => write(event, devAddr), kind: 'join', withdrawn: false });
};

const status = ({ device, key, sensor, around }: Line, at: EpochMs, { snrDb }: Hearing): void => {
  const percent = sensor.batteryPercent?.(at);
  const event = { device, at, key: keyed(key, Math.floor(at / SECOND)) };
  // The margin is a signed 6-bit number (LoRaWAN 1.0.4 §5.5).
  const marginDb = Math.max(-32, Math.min(31, Math.round(snrDb + 7)));
  const answer = { marginDb, ...(percent !== undefined && { batteryPercent: percent }) };
  around.publish(at, { message: () => chirpstackStatus(event, answer), kind: 'status', withdrawn: false });
};
