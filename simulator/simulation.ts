import type { UplinkEncoder } from '../devices/codec.ts';
import type { RegionEntity } from '../model/region-entity.ts';
import { type EpochMs, HOUR } from '../model/time.ts';
import { type Counts, noCounts, type Pending, type Surroundings } from './delivery.ts';
import { createDeviceLine, type DeviceLine } from './device-line.ts';
import type { Message } from './networks/message.ts';
import { createQueue } from './queue.ts';
import { createOutages, MAX_OUTAGE } from './radio.ts';
import { sensorOf } from './sensors/models.ts';
import { createWorld, type World } from './truth/world.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** Entries of demoRegion (other things are left alone). */
  readonly region: readonly RegionEntity[];
  /** Messages from this instant on. */
  readonly from: EpochMs;
  /** By device profile, vendor/model. */
  readonly encoders: ReadonlyMap<string, UplinkEncoder>;
}

export interface Simulation {
  readonly world: World;
  /** Of what was published so far. */
  readonly counts: Readonly<Counts>;
  /** What the network servers publish, in order of time, without end. */
  readonly messages: Generator<Message, never, undefined>;
  /** About how many messages there are from `from` to an instant. */
  expectedUntil(until: EpochMs): number;
}

/**
 * The messages of the demo region's network servers from `from` on. Pure: the same options give the same bytes, and a
 * simulation from a later instant gives exactly the rest of one from an earlier instant, so that history and live
 * operation join without a gap.
 */
export const createSimulation = ({ seed, region, from, encoders }: SimulationOptions): Simulation => {
  const world = createWorld(region, seed);
  const counts = noCounts();
  const perMs = world.placed.reduce((sum, placed) => {
    const sensor = sensorOf(placed, seed);
    return sensor ? sum + sensor.framesPerInterval / sensor.intervalMs : sum;
  }, 0);
  return {
    world,
    counts,
    messages: messagesFrom({ world, seed, from, encoders }, counts),
    // Joins, statuses and what roams or is sent again make up for what is lost, and a little more.
    expectedUntil: (until) => Math.round(Math.max(0, until - from) * perMs * 1.015),
  };
};

function* messagesFrom(
  { world, seed, from, encoders }: Omit<SimulationOptions, 'region'> & { readonly world: World },
  counts: Counts,
): Generator<Message, never, undefined> {
  const due = createQueue<Pending>();
  const lines = createQueue<DeviceLine>();
  const handedOver = new Map<string, { readonly end: EpochMs; place: number }>();
  // Frames that gateways kept before `from` may still be to come: look back over the longest outage.
  const start = from - MAX_OUTAGE - HOUR;
  const around: Surroundings = {
    outages: createOutages(seed),
    counts: noCounts(),
    publish: (at, pending) => due.push(at, pending),
    handOver: (gatewayId, end) => {
      const known = handedOver.get(gatewayId);
      const last = known?.end === end ? known : { end, place: -1 };
      handedOver.set(gatewayId, last);
      last.place++;
      return last.place;
    },
  };
  for (const placed of world.placed) {
    const line = createDeviceLine(placed, { seed, encoders, from: start }, around);
    lines.push(line.nextAt, line);
  }
  for (;;) {
    const line = lines.peek();
    const next = due.peek();
    if (line && (!next || line.at <= next.at)) {
      lines.pop();
      // What was sent before `from` happened, but is not counted.
      const { sent, lost } = around.counts;
      line.item.step();
      if (line.at >= from) {
        counts.sent += around.counts.sent - sent;
        counts.lost += around.counts.lost - lost;
      }
      lines.push(line.item.nextAt, line.item);
    } else if (next) {
      due.pop();
      if (next.item.withdrawn || next.at < from) continue;
      count(counts, next.item.kind);
      yield next.item.message();
    }
  }
}

const count = (counts: Counts, kind: Pending['kind']): void => {
  if (kind === 'join') counts.joins++;
  else if (kind === 'status') counts.statuses++;
  else {
    counts.uplinks++;
    if (kind !== 'uplink') counts[kind]++;
  }
};
