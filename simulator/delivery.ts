import { type EpochMs, SECOND } from '../model/time.ts';
import { chirpstackUplink } from './networks/chirpstack.ts';
import type { Frame, Message } from './networks/message.ts';
import { thingsStackUplink } from './networks/things-stack.ts';
import type { DemoNetwork, Hearing, Outages, RadioSettings } from './radio.ts';
import { between, uniform } from './random.ts';

/** What became of the frames, as far as the simulation has come. */
export interface Counts {
  sent: number;
  /** Heard by no gateway, or kept by one until the network server no longer took them. */
  lost: number;
  /** Published, the next three included. */
  uplinks: number;
  /** Published a second time by the same network server. */
  repeated: number;
  /** Published by the other network too. */
  roamed: number;
  /** Published after an outage of their gateway. */
  late: number;
  joins: number;
  statuses: number;
}

export const noCounts = (): Counts => ({
  sent: 0,
  lost: 0,
  uplinks: 0,
  repeated: 0,
  roamed: 0,
  late: 0,
  joins: 0,
  statuses: 0,
});

/** A message on its way; it may be withdrawn until it is due. */
export interface Pending {
  readonly message: () => Message;
  readonly kind: 'uplink' | 'repeated' | 'roamed' | 'late' | 'join' | 'status';
  withdrawn: boolean;
}

/** What is around all devices. */
export interface Surroundings {
  readonly outages: Outages;
  /** Puts a message into the order of time. */
  readonly publish: (at: EpochMs, pending: Pending) => void;
  /** Place in a gateway's hand-over after an outage. */
  readonly handOver: (gatewayId: string, end: EpochMs) => number;
  readonly counts: Counts;
}

/** A frame as the air carried it. */
export type SentFrame = Omit<Frame, 'hearings' | 'at'>;

/** A device's way to the networks. */
interface Path {
  readonly network: DemoNetwork;
  readonly kind: 'uplink' | 'roamed';
  readonly around: Surroundings;
  /** Frames that gateways keep until their outage ends. */
  kept: { readonly pending: Pending; readonly until: EpochMs }[];
  /** When the last message was, or will be, published. */
  lastAt: EpochMs;
}

/** Hands over what gateways heard of one device to its network server, and to the other one if it roams. */
export const createDelivery = (
  { home, roams }: RadioSettings,
  around: Surroundings,
): ((frame: SentFrame, hearings: readonly Hearing[]) => void) => {
  const other: DemoNetwork = home === 'demo-tts' ? 'demo-chirpstack' : 'demo-tts';
  const atHome: Path = { network: home, kind: 'uplink', around, kept: [], lastAt: 0 };
  const away: Path = { network: other, kind: 'roamed', around, kept: [], lastAt: 0 };
  return (frame, hearings) => {
    const heardBy = (network: DemoNetwork) => hearings.filter(({ gateway }) => gateway.network === network);
    const [first, second] = [heardBy(home), roams ? heardBy(other) : []];
    if (first.length === 0 && second.length === 0) around.counts.lost++;
    if (first.length > 0) deliver(atHome, { frame, hearings: first, delayMs: 260 + (frame.key & 127) });
    if (second.length > 0) deliver(away, { frame, hearings: second, delayMs: 600 + (frame.key & 1_023) });
  };
};

interface Delivery {
  readonly frame: SentFrame;
  readonly hearings: readonly Hearing[];
  readonly delayMs: number;
}

/**
 * At once, if a gateway can hand the frame over at once; then the network server refuses what other gateways still keep
 * of earlier frames (their counter is too low). Otherwise when the first outage ends.
 */
const deliver = (path: Path, { frame, hearings, delayMs }: Delivery): void => {
  const { around, kind } = path;
  const time = frame.heardAt;
  const endOf = ({ gateway }: Hearing): EpochMs | undefined => around.outages(gateway, time);
  const prompt = hearings.filter((hearing) => endOf(hearing) === undefined);
  if (prompt.length > 0) {
    withdrawKept(path, time);
    publish(path, { frame: { ...frame, hearings: prompt }, at: time + delayMs, kind });
    return;
  }
  const first = hearings.reduce((a, b) => ((endOf(b) ?? 0) < (endOf(a) ?? 0) ? b : a));
  const until = endOf(first) ?? time;
  const at = until + 2 * SECOND + around.handOver(first.gateway.id, until) * 25;
  path.kept.push({ pending: publish(path, { frame: { ...frame, hearings: [first] }, at, kind: 'late' }), until });
};

const withdrawKept = (path: Path, time: EpochMs): void => {
  if (path.kept.length === 0) return;
  for (const { pending, until } of path.kept) {
    if (until <= time) continue;
    pending.withdrawn = true;
    path.around.counts.lost++;
    path.lastAt = 0;
  }
  path.kept = [];
};

interface Publication {
  readonly frame: Omit<Frame, 'at'>;
  readonly at: EpochMs;
  readonly kind: Pending['kind'];
}

const publish = (path: Path, { frame, at, kind }: Publication): Pending => {
  const { around, network } = path;
  const write = network === 'demo-tts' ? thingsStackUplink : chirpstackUplink;
  // A device's messages leave a network server in the order of its frames.
  const due = Math.max(at, path.lastAt + 20);
  path.lastAt = due;
  let written: Message | undefined;
  const message = () => {
    written ??= write({ ...frame, at: due });
    return written;
  };
  const pending: Pending = { message, kind, withdrawn: false };
  around.publish(due, pending);
  // Now and then an acknowledgement is lost and the server sends the same message again (MQTT QoS 1).
  if (kind !== 'late' && uniform(frame.key, 40) < 0.002) {
    const again = due + Math.round(between(frame.key, 41, [1, 20]) * SECOND);
    around.publish(again, { message: () => ({ ...message(), at: again }), kind: 'repeated', withdrawn: false });
  }
  return pending;
};
