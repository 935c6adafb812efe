import { beforeAll, describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../devices/catalogue.ts';
import type { UplinkEncoder } from '../../devices/codec.ts';
import { type DecodedFrame, type DecodedValue, decodeFrame } from '../../devices/decode.ts';
import { adapters } from '../../ingest/networks/adapters.ts';
import { DAY, type EpochMs, SECOND } from '../../model/time.ts';
import { demoRegion } from '../demo-region.ts';
import { loadEncoders } from '../encoders.ts';
import { networkKinds } from '../export.ts';
import { createSimulation, type Simulation } from '../simulation.ts';
import type { Dust } from '../truth/air.ts';
import type { MeterTruth } from '../truth/meter.ts';
import type { TrafficInterval } from '../truth/traffic.ts';
import type { Weather } from '../truth/weather.ts';
import type { Placed, ThingTruth } from '../truth/world.ts';

const seed = 3;
const deployedAt = Date.UTC(2026, 2, 1);
const from = deployedAt + 10 * DAY;

interface Decoded {
  readonly placed: Placed;
  readonly value: DecodedValue;
}

const values: Decoded[] = [];
const warnings: string[] = [];
let encoders: ReadonlyMap<string, UplinkEncoder> = new Map();
let simulation: Simulation;

/** Two days as a hub would read them: adapter, codec, profile, mounting. */
beforeAll(async () => {
  const catalogue = await loadCatalogue();
  encoders = await loadEncoders();
  simulation = createSimulation({ seed, region: demoRegion({ seed, deployedAt }), from, encoders });
  const byDevEui = new Map(simulation.world.placed.map((placed) => [placed.device.id, placed]));
  for (const { at, network, topic, body } of simulation.messages) {
    if (at >= from + 2 * DAY) break;
    const event = adapters.get(networkKinds[network])?.parse(topic, body);
    if (event?.kind !== 'uplink') continue;
    const placed = byDevEui.get(event.devEui);
    const entry = catalogue.get(placed?.device.profile ?? '');
    if (!placed || !entry) throw new Error(`nobody knows ${event.devEui}`);
    const { fPort, bytes, receivedAt } = event;
    const frame = decodeFrame(entry, { fPort, bytes, receivedAt, parameters: placed.deployment.parameters });
    if ('errors' in frame) throw new Error(JSON.stringify(frame.errors));
    take(placed, frame);
  }
}, 60_000);

const take = (placed: Placed, frame: DecodedFrame): void => {
  warnings.push(...frame.warnings);
  for (const value of frame.values) values.push({ placed, value });
};

/** Deviations of a property from the truth, of things of one kind. */
const deviations = <K extends ThingTruth['kind']>(
  kind: K,
  property: string,
  truthOf: (truth: Extract<ThingTruth, { kind: K }>, time: EpochMs) => number,
): number[] =>
  values.flatMap(({ placed: { truth }, value: { property: id, value, time } }) =>
    id === property && truth.kind === kind && value !== null
      ? [value - truthOf(truth as Extract<ThingTruth, { kind: K }>, time)]
      : [],
  );

const quantile = (numbers: readonly number[], q: number): number => {
  const sorted = numbers.map(Math.abs).toSorted((a, b) => a - b);
  return sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;
};

describe('what the hub decodes of the simulated sensors', () => {
  it('carries no warnings', () => {
    expect(new Set(warnings)).toEqual(new Set());
  });

  it('is the fill level, but for noise and a bag before the sensor', () => {
    const off = deviations('container_slot', 'fill_level', ({ slot }, time) => slot.fillPercent(time));
    expect(off.length).toBeGreaterThan(4_000);
    expect(quantile(off, 0.5)).toBeLessThan(1);
    expect(quantile(off, 0.98)).toBeLessThan(3);
    expect(quantile(off, 1)).toBeGreaterThan(20);
  });

  it('is the water level to some centimetres', () => {
    const off = deviations('gauge', 'water_level', ({ water }, time) => water.levelM(time));
    expect(off.length).toBeGreaterThan(2_000);
    expect(quantile(off, 0.5)).toBeLessThan(0.015);
    expect(quantile(off, 0.995)).toBeLessThan(0.06);
  });

  it('is the weather within the resolution of the station', () => {
    const weather = (property: string, of: (now: Weather) => number) =>
      deviations('weather_station', property, (truth, time) => of(truth.weather.at(time)));
    expect(
      quantile(
        weather('air_temperature', (now) => now.airTemperatureC),
        1,
      ),
    ).toBeLessThan(0.25);
    expect(
      quantile(
        weather('wind_speed', (now) => now.windSpeedMs),
        1,
      ),
    ).toBeLessThan(0.2);
    expect(
      quantile(
        weather('air_pressure', (now) => now.airPressureHpa),
        1,
      ),
    ).toBeLessThan(0.3);
  });

  it('is every vehicle, category by category, at the end of its interval', () => {
    const expected = (interval: TrafficInterval, channel: string): number => {
      const [category = '', direction = 'ltr'] = channel.split('_');
      const passed = category === 'all' ? interval.all : interval.categories[Number(category.slice(3)) - 1];
      return passed?.[direction === 'rtl' ? 'rtl' : 'ltr'].count ?? Number.NaN;
    };
    let checked = 0;
    for (const { placed, value } of values) {
      if (value.property !== 'vehicle_count' || placed.truth.kind !== 'road_cross_section') continue;
      checked++;
      expect(value.value).toBe(
        expected(placed.truth.traffic.interval(value.time), (value.channel ?? '').replace(/[^a-z0-9]+/g, '_')),
      );
    }
    expect(checked).toBeGreaterThan(20_000);
  });

  it('is the meter, rounded down to the last digit it shows', () => {
    const behind = (property: string, step: number, of: (meter: MeterTruth, time: EpochMs) => number | undefined) => {
      const off = deviations('meter', property, ({ meter }, time) => of(meter, time) ?? Number.NaN);
      expect(off.length).toBeGreaterThan(90);
      expect(Math.max(...off)).toBeLessThanOrEqual(1e-6);
      expect(Math.min(...off)).toBeGreaterThan(-step - 1e-6);
    };
    behind('active_energy', 0.001, ({ counter }, time) => counter.reading(time));
    behind('active_energy_exported', 0.001, ({ exported }, time) => exported?.reading(time));
    behind('heat_energy', 1, ({ counter }, time) => counter.reading(time));
    const power = deviations(
      'meter',
      'active_power',
      ({ meter: { counter, exported } }, time) => 1_000 * (counter.rate(time - 1) - (exported?.rate(time - 1) ?? 0)),
    );
    expect(quantile(power, 1)).toBeLessThan(0.51);
    const volumes = values.flatMap(({ placed: { truth }, value: { property, value, time } }) =>
      truth.kind === 'meter' && property === 'volume' && truth.meter.medium !== 'heat' && value !== null
        ? [truth.meter.counter.reading(time) - value]
        : [],
    );
    expect(volumes.length).toBeGreaterThan(150);
    // Some litres may flow from the frame until a gateway has heard it.
    expect(Math.min(...volumes)).toBeGreaterThan(-1e-6);
    expect(Math.max(...volumes)).toBeLessThan(0.003);
  });

  it('is every car that came and went, and the state of the bay in between', () => {
    const told = Map.groupBy(
      values.filter(({ value }) => value.property === 'occupied'),
      ({ placed }) => placed,
    );
    expect(told.size).toBe(40);
    let changes = 0;
    for (const [{ truth }, list] of told) {
      if (truth.kind !== 'parking_bay') throw new Error('only bays are occupied');
      for (const { value } of list) {
        // The sensor waits up to 35 s before it believes a change.
        const recent = [0, 35, 10].map((seconds) => (truth.bay.occupied(value.time - seconds * SECOND) ? 1 : 0));
        expect(recent).toContain(value.value);
      }
      const ordered = list.toSorted((a, b) => a.value.time - b.value.time);
      changes += ordered.filter(({ value }, i) => i > 0 && value.value !== ordered[i - 1]?.value.value).length;
    }
    const stays = [...told.keys()].flatMap(({ truth }) =>
      truth.kind === 'parking_bay' ? truth.bay.stays(from, from + 2 * DAY) : [],
    );
    expect(changes).toBeGreaterThan(0.94 * 2 * stays.length - 40);
    expect(changes).toBeLessThanOrEqual(2 * stays.length);
  });

  it('is the air, but for the scatter of the sensors', () => {
    const dust = (property: string, of: (dust: Dust) => number) =>
      deviations('air_station', property, ({ air }, time) =>
        air.place === 'outdoors' ? of(air.dust(time)) : Number.NaN,
      );
    const fine = dust('pm2_5', ({ pm2_5 }) => pm2_5);
    expect(fine.length).toBeGreaterThan(900);
    expect(quantile(fine, 0.5)).toBeLessThan(0.4);
    expect(
      quantile(
        dust('pm10', ({ pm10 }) => pm10),
        0.98,
      ),
    ).toBeLessThan(3);
    const co2 = deviations('air_station', 'co2', ({ air }, time) =>
      air.place === 'room' ? air.at(time).co2Ppm : Number.NaN,
    );
    expect(co2.length).toBeGreaterThan(500);
    expect(quantile(co2, 1)).toBeLessThan(40);
  });

  it('shows batteries that only go down', () => {
    const perDevice = Map.groupBy(
      values.filter(({ value }) => value.property === 'battery_level'),
      ({ placed }) => placed.device.id,
    );
    expect(perDevice.size).toBeGreaterThan(100);
    const falling = [...perDevice.values()].filter(
      (list) => (list.at(-1)?.value.value ?? 0) <= (list[0]?.value.value ?? 0),
    );
    expect(falling.length / perDevice.size).toBeGreaterThan(0.98);
  });
});

it('generates 20,000 messages a second', () => {
  const { messages } = createSimulation({ seed, region: demoRegion({ seed, deployedAt }), from, encoders });
  for (let i = 0; i < 5_000; i++) messages.next();
  const before = process.cpuUsage();
  for (let i = 0; i < 20_000; i++) messages.next();
  const { user, system } = process.cpuUsage(before);
  // Processor time, as the machine may be busy; half the aim, so that a slow machine does not fail it.
  expect((user + system) / 1e6).toBeLessThan(2);
}, 30_000);
