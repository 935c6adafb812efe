import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { mosquittoMissing } from '../services/mosquitto.ts';
import { startToxiproxy, type Toxic, type ToxicPlace, type Toxiproxy } from '../services/toxiproxy.ts';
import { expectExact } from '../support/faulty-stack.ts';
import { eventually } from '../support/hub-process.ts';
import { type InfluxStack, startInfluxStack } from '../support/influx-stack.ts';

const source = inject('influxd');
const toxiproxy = inject('toxiproxy');
const missing =
  [source, toxiproxy].map((one) => (one.kind === 'none' ? `(SKIPPED: ${one.reason})` : '')).find(Boolean) ??
  mosquittoMissing.trim();
const DEVICES = 20;
const IN_FLIGHT = 1;
/** Uplinks of 1 kB and 0.4 kB of lines: far more than the narrow line takes, and no more than the test needs. */
const PER_S = 200;
/** Longer than two time-outs, so that a request that does not come through is noticed. */
const FAULT_S = Number(process.env.PLIETSCH_TEST_FAULT_S ?? 10);
/** What has been noticed stays so while the fault lasts. */
const HOLD_MS = 2_000;
/** Short, so that a line that swallows everything is noticed soon: the least that the settings allow is 5 s. */
const KEEPALIVE_S = 5;
/** Longer than it takes until a ping without an answer ends a connection. */
const BUSY_S = 2 * KEEPALIVE_S;
const TIMEOUT_MS = 2_000;
/** Longest pause before a new try (1 s), plus the time-outs above, on a busy machine. */
const RECOVERED_WITHIN_MS = 15_000;

interface Fault {
  readonly name: string;
  readonly toxics: readonly Toxic[];
  /** Whether nothing at all can come through: then /ready has to say so. Otherwise all goes on, however slowly. */
  readonly blocks: boolean;
  /** The service is started again meanwhile, since the fault is one of closing connections. */
  readonly restarts?: boolean;
}

const both = (type: Toxic['type'], attributes: Toxic['attributes']): Toxic[] => [
  { type, stream: 'upstream', attributes },
  { type, stream: 'downstream', attributes },
];

const faults: readonly Fault[] = [
  { name: 'latency of 300 ms with jitter', toxics: both('latency', { latency: 300, jitter: 100 }), blocks: false },
  { name: 'bandwidth of 50 kB/s', toxics: both('bandwidth', { rate: 50 }), blocks: false },
  { name: 'half-open: both ways swallow everything', toxics: both('timeout', { timeout: 0 }), blocks: true },
  {
    name: 'half-open: what the service says is swallowed',
    toxics: [{ type: 'timeout', stream: 'downstream', attributes: { timeout: 0 } }],
    blocks: true,
  },
  {
    name: 'connections close two seconds late',
    toxics: both('slow_close', { delay: 2_000 }),
    blocks: false,
    restarts: true,
  },
  { name: 'connections are reset', toxics: both('reset_peer', { timeout: 0 }), blocks: true },
  {
    name: 'everything arrives in small slices',
    toxics: both('slicer', { average_size: 200, size_variation: 100, delay: 50 }),
    blocks: false,
  },
];

interface Side {
  readonly name: string;
  /** Part of /ready that knows about this connection. */
  readonly part: string;
  /** What it says when nothing comes through. */
  readonly code: string;
  readonly noticedWithinMs: number;
  /** A slow line must not cost it the connection; requests may run into their time limit and are sent again. */
  readonly holds: boolean;
  /** How far what needs this connection has come. */
  readonly progress: (stack: InfluxStack) => Promise<number>;
  readonly restart: (stack: InfluxStack) => Promise<void>;
}

const sides: readonly Side[] = [
  {
    name: 'InfluxDB',
    part: 'projection',
    code: 'HUB_STORE_UNAVAILABLE',
    noticedWithinMs: 3 * TIMEOUT_MS,
    holds: false,
    progress: (stack) => stack.points('distance'),
    restart: async ({ influxd }) => {
      await influxd.kill();
      await influxd.start();
    },
  },
  {
    name: 'Mosquitto',
    part: 'subscriber',
    code: 'HUB_UNAVAILABLE',
    noticedWithinMs: 3 * KEEPALIVE_S * 1000,
    holds: true,
    progress: async (stack) => (await stack.books()).received ?? 0,
    // Nothing that it acknowledged is unsaved when it ends gently; a hard end is a test of its own.
    restart: async ({ broker }) => {
      process.kill(broker.pid, 'SIGTERM');
      await pause(500);
      await broker.kill();
      await broker.start();
    },
  },
];

describe.skipIf(missing !== '')(`a bad network ${missing}`, () => {
  const places = new Map<string, ToxicPlace>();
  let stack: InfluxStack;
  let proxy: Toxiproxy;

  beforeAll(async () => {
    if (toxiproxy.kind === 'none') throw new Error(toxiproxy.reason);
    proxy = await startToxiproxy(toxiproxy.path);
    const through = async (name: string, url: string): Promise<string> => {
      const { protocol, host } = new URL(url);
      const place = await proxy.before(name, host);
      places.set(name, place);
      return `${protocol}//${place.host}`;
    };
    stack = await startInfluxStack({
      source,
      devices: DEVICES,
      through: (url) => through('InfluxDB', url),
      brokerThrough: (url) => through('Mosquitto', url),
      subscriber: { keepaliveS: KEEPALIVE_S, reconnectMinMs: 100, reconnectMaxMs: 1_000 },
      environment: { PLIETSCH_OBSERVATIONS_INFLUXDB_TIMEOUT_MS: String(TIMEOUT_MS) },
    });
  });
  // A test that failed leaves the next one a network in order.
  afterEach(async () => {
    for (const place of places.values()) await place.heal();
    await stack.publisher.stop();
  });
  afterAll(async () => {
    await stack?.stop();
    await proxy?.stop();
  });

  const state = async ({ part }: Side) => stack.stateOf(part);
  const isReady = (side: Side) =>
    eventually(
      () => state(side),
      (one) => one?.ready === true,
      RECOVERED_WITHIN_MS,
    );

  const meet = async (side: Side, { toxics, blocks, restarts }: Fault): Promise<void> => {
    await places.get(side.name)?.spoil(toxics);
    const before = await side.progress(stack);
    const mustHold = side.holds && !blocks && restarts !== true;
    const lastS = mustHold ? Math.max(FAULT_S, BUSY_S) : FAULT_S;
    const until = performance.now() + lastS * 1000;
    const since = (await state(side))?.since;
    if (restarts) await side.restart(stack);
    if (blocks) {
      const said = await eventually(
        () => state(side),
        (one) => one?.ready === false,
        side.noticedWithinMs,
      );
      expect(said?.detail).toContain(side.code);
      await pause(Math.max(HOLD_MS, until - performance.now()));
      expect(await state(side)).toMatchObject({ ready: false });
      return;
    }
    const goesOn = (from: number) =>
      eventually(
        () => side.progress(stack),
        (now) => now > from,
        side.noticedWithinMs,
      );
    await goesOn(before);
    await pause(Math.max(0, until - performance.now()));
    if (mustHold) expect((await state(side))?.since, 'the same connection').toBe(since);
    await isReady(side);
    // Not only what was on its way when it began.
    await goesOn(await side.progress(stack));
  };

  describe.each(sides)('between hub and $name', (side) => {
    it.each(faults)('$name', async (fault) => {
      await isReady(side);
      stack.publisher.run(IN_FLIGHT, PER_S);
      await pause(500);
      const before = { acknowledged: stack.publisher.acknowledged.length, received: await received() };
      await meet(side, fault);
      expect(stack.publisher.acknowledged.length).toBeGreaterThan(before.acknowledged + 100);
      // Nobody who waits for the journal waits for InfluxDB.
      if (side.name === 'InfluxDB') expect(await received()).toBeGreaterThan(before.received + 100);
      await places.get(side.name)?.heal();
      const healed = performance.now();
      await isReady(side);
      const readyAfterMs = Math.round(performance.now() - healed);
      await expectExact(stack);
      console.log(
        `${side.name}, ${fault.name}: ready ${readyAfterMs} ms after it; ${stack.publisher.sent} uplinks, all there`,
      );
    });
  });

  const received = async (): Promise<number> => (await stack.books()).received ?? 0;
});
