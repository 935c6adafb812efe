import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from './catalogue.ts';
import type { FieldValue } from './codec.ts';
import { format as atm41 } from './decentlab/dl-atm41/format.ts';
import { decodeFrame } from './decode.ts';

const catalogue = await loadCatalogue();
const RECEIVED_AT = Date.UTC(2026, 2, 2, 12);

type Given = Record<string, FieldValue>;

/** Numbers of a range in steps of the wire's resolution, written as the decimal that a person would write. */
const steps = (min: number, max: number, perUnit = 1): fc.Arbitrary<number> =>
  fc.integer({ min: Math.round(min * perUnit), max: Math.round(max * perUnit) }).map((step) => step / perUnit);
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const f32 = (min: number, max: number): fc.Arbitrary<number> =>
  fc.float({ min: Math.fround(min), max: Math.fround(max), noNaN: true }).map((value) => value + 0);
const state = (...names: string[]): fc.Arbitrary<string> => fc.constantFrom(...names);

const counterFields = fc
  .record({
    hour: steps(0, 23),
    minute: steps(0, 59),
    ltr: steps(0, 65_535),
    rtl: steps(0, 65_535),
    ltrSpeed: steps(1, 255),
    rtlSpeed: steps(1, 255),
    supply: steps(0, 25, 10),
  })
  .map(({ hour, minute, ltr, rtl, ltrSpeed, rtlSpeed, supply }) => ({
    interval_end_hour: hour,
    interval_end_minute: minute,
    cat2_ltr_count: ltr,
    cat2_ltr_speed: ltr === 0 ? null : ltrSpeed,
    cat2_rtl_count: rtl,
    cat2_rtl_speed: rtl === 0 ? null : rtlSpeed,
    supply_voltage: supply,
  }));

/** What a device of the model may say; `digits` is how exact the fields come back. */
const models: Record<string, { fields: fc.Arbitrary<Given>; fPort?: number; digits?: number }> = {
  'milesight/em400-tld': {
    fields: fc.record(
      {
        battery: orNull(steps(0, 100)),
        temperature: steps(-40, 85, 10),
        distance: orNull(steps(0, 5_000)),
        position: state('normal', 'tilt'),
        temperature_alarm: state('threshold_alarm', 'threshold_alarm_release'),
      },
      { requiredKeys: ['battery', 'temperature', 'distance', 'position'] },
    ),
  },
  'pepperlfuchs/wilsen-sonic-level': {
    fields: fc
      .record({
        distance_cm: orNull(steps(0, 1_000)),
        level: steps(0, 100),
        temperature: steps(-40, 85, 10),
        battery_voltage: steps(2, 4, 10),
        latitude: steps(47, 55, 1e6),
        longitude: steps(-10, 15, 1e6),
        lora_count: steps(0, 65_535),
        us_sensor_count: steps(0, 4_294_967_295),
      })
      .map(({ level, ...rest }) => ({ ...rest, fill_level: rest.distance_cm === null ? null : level })),
  },
  'pmx/tcr': { fields: counterFields, fPort: 15 },
  'decentlab/dl-mbx': {
    fields: fc
      .record({ distance: orNull(steps(0, 10_000)), samples: steps(1, 15), battery_voltage: steps(2, 4, 1000) })
      .map(({ samples, ...rest }) => ({
        ...rest,
        protocol_version: 2,
        device_id: 77,
        valid_samples: rest.distance === null ? 0 : samples,
      })),
  },
  'decentlab/dl-atm41': {
    fields: fc.record({
      protocol_version: fc.constant(2),
      device_id: steps(0, 65_535),
      ...Object.fromEntries(
        atm41.blocks
          .flat()
          .map(({ field, divisor = 1, offset = 0 }) => [
            field,
            steps(-offset / divisor, (65_535 - offset) / divisor, divisor),
          ]),
      ),
    }),
  },
  'vegapuls/air': {
    fields: fc
      .record({
        packet: fc.constantFrom(2, 3, 4, 5, 10, 11),
        namur_state: state('good', 'function_check', 'maintenance_required', 'out_of_specification', 'failure'),
        distance: orNull(f32(0, 30)),
        battery: orNull(steps(0, 100)),
        temperature: orNull(steps(-40, 80, 10)),
        inclination: steps(0, 180),
        detail_state: steps(0, 4_294_967_295),
        latitude: orNull(f32(47, 55)),
        longitude: orNull(f32(5, 15)),
      })
      .map((fields) => ({ ...pick(fields), distance_unit: 'm' })),
  },
  'decentlab/dl-pm': {
    fields: fc
      .record({
        device_id: steps(0, 65_535),
        battery_voltage: steps(2, 4, 1000),
        pm1_0_mass_concentration: steps(0, 6_553.5, 10),
        pm2_5_mass_concentration: steps(0, 6_553.5, 10),
        pm4_mass_concentration: steps(0, 6_553.5, 10),
        pm10_mass_concentration: steps(0, 6_553.5, 10),
        typical_particle_size: steps(0, 65_535),
        pm0_5_number_concentration: steps(0, 6_553.5, 10),
        pm1_0_number_concentration: steps(0, 6_553.5, 10),
        pm2_5_number_concentration: steps(0, 6_553.5, 10),
        pm4_number_concentration: steps(0, 6_553.5, 10),
        pm10_number_concentration: steps(0, 6_553.5, 10),
        air_temperature: steps(0, 65_535).map((raw) => (175.72 * raw) / 65_536 - 46.85),
        air_humidity: steps(0, 65_535).map((raw) => (125 * raw) / 65_536 - 6),
        barometric_pressure: steps(0, 131_070, 0.5),
      })
      .map((fields) => ({
        ...fields,
        protocol_version: 2,
        battery_level: Math.min(100, Math.round((fields.battery_voltage - 2) * 100)),
      })),
  },
  'elsys/ers-co2': {
    fields: fc
      .record({
        temperature: steps(-40, 85, 10),
        humidity: steps(0, 100),
        light: steps(0, 65_535),
        motion: steps(0, 255),
        co2: steps(0, 10_000),
        battery_tenths: steps(0, 10),
      })
      .map(({ battery_tenths, ...rest }) => ({
        ...rest,
        battery_voltage: 2.7 + 0.09 * battery_tenths,
        battery_level: 10 * battery_tenths,
      })),
  },
  'yobiiq/em4301': {
    fields: fc.record({
      timestamp: steps(0, 4_294_967_295),
      datalogger_timestamp: steps(1_700_000_000, RECEIVED_AT / 1000),
      active_energy_import_l123_t1: steps(0, 4_294_967_295),
      active_energy_import_l123_t2: steps(0, 4_294_967_295),
      active_energy_export_l123_t1: steps(0, 4_294_967_295),
      active_energy_export_l123_t2: steps(0, 4_294_967_295),
      voltage_l1_n: steps(0, 400, 10),
      voltage_l2_n: steps(0, 400, 10),
      voltage_l3_n: steps(0, 400, 10),
      active_power_l123: steps(-1_000_000, 1_000_000),
      frequency: steps(49, 51, 100),
      modbus_error_code: steps(0, 255),
    }),
  },
  'landisgyr/t550': {
    fields: fc
      .record({
        energy: steps(0, 99_999_999),
        volume: steps(0, 999_999, 100),
        power: steps(0, 9_999, 10),
        flow: steps(0, 999, 1000),
        flow_temp: steps(0, 180, 10),
        back_flow_temp: steps(0, 180, 10),
        serial_id: steps(0, 99_999_999),
        error_flags: steps(0, 65_535),
      })
      .map((fields) => ({
        ...fields,
        header: 'STANDARD',
        energy_unit: 'KWH',
        energy_kwh: fields.energy,
        err_flags: `${fields.error_flags.toString(16).padStart(4, '0')}17`,
      })),
  },
  'gwf/coder': {
    fields: fc.record({
      protocol_type: fc.constant(2),
      manufacturer_id: steps(0, 65_535),
      meter_id: steps(0, 99_999_999),
      meter_medium: state('GAS', 'WARM_WATER', 'WATER'),
      app_error: fc.constant('NO_ERROR'),
      battery_power_low: fc.boolean(),
      permant_error: fc.boolean(),
      temporary_error: fc.constant(false),
      command_error1: fc.constant(false),
      command_error2: fc.constant(false),
      command_error3: fc.constant(false),
      actuality_duration: steps(0, 65_535),
      volume: steps(0, 4_294_967, 1000),
      relative_volume: fc.constant(0),
      continuous_flow: fc.boolean(),
      broken_pipe: fc.boolean(),
      battery_low: fc.boolean(),
      backflow: fc.boolean(),
      no_usage: fc.boolean(),
      battery_remaining_months: fc.constant(174),
      battery_lifetime: fc.constant(138),
      lora_link_error: fc.boolean(),
    }),
  },
  'bosch/tps110': {
    fPort: 2,
    fields: fc.record({ occupied: fc.boolean(), temperature: steps(-40, 85) }).map((fields) => ({
      ...fields,
      type: 'heartbeat',
      occupancy: fields.occupied ? 1 : 0,
    })),
  },
  'pni/placepod': {
    fields: fc
      .record(
        { occupied: fc.boolean(), temperature: steps(-40, 85, 10), battery_voltage: steps(2, 4, 100) },
        { requiredKeys: ['occupied'] },
      )
      .map((fields) => ({ ...fields, occupancy: fields.occupied ? 1 : 0 })),
  },
};

/** The fields that the chosen packet carries. */
const pick = ({ packet, detail_state, latitude, longitude, ...rest }: Given): Given => ({
  ...rest,
  packet: packet ?? null,
  ...([4, 5, 10, 11].includes(Number(packet)) && { detail_state: detail_state ?? null }),
  ...([3, 5, 11].includes(Number(packet)) && { latitude: latitude ?? null, longitude: longitude ?? null }),
});

const withEncoder = catalogue.list().filter(({ encoder }) => encoder !== undefined);

describe.each(withEncoder.map((entry) => [entry.profile.id, entry] as const))('%s', (id, entry) => {
  it('decodes what it encodes', () => {
    const model = models[id];
    if (!model) throw new Error(`say in this test what a ${id} may send`);
    fc.assert(
      fc.property(model.fields, (fields) => {
        const sent = entry.encoder?.encodeUplink(fields, model.fPort === undefined ? {} : { fPort: model.fPort });
        if (!sent) throw new Error('no frame');
        const result = decodeFrame(entry, { ...sent, receivedAt: RECEIVED_AT, parameters: {} });
        if ('errors' in result) throw new Error(JSON.stringify(result.errors));
        const received = result.records[0]?.fields ?? {};
        expect(Object.keys(received).toSorted()).toEqual(Object.keys(fields).toSorted());
        for (const [field, value] of Object.entries(fields)) {
          expect([field, received[field]]).toEqual([
            field,
            typeof value === 'number' ? expect.closeTo(value, 5) : value,
          ]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

it('says what does not fit into a frame', () => {
  const encode = (id: string, fields: Given) => () => catalogue.get(id)?.encoder?.encodeUplink(fields);
  expect(encode('milesight/em400-tld', { distance: 70_000 })).toThrow(/70000 does not fit/);
  expect(encode('milesight/em400-tld', { position: 'upside down' })).toThrow(/normal, tilt/);
  expect(encode('milesight/em400-tld', { temperature: null })).toThrow(/temperature cannot be missing/);
  expect(encode('landisgyr/t550', { energy: 1e8 })).toThrow(/8 decimal digits/);
  expect(encode('landisgyr/t550', { energy: 1, volume: null })).toThrow(/volume cannot be missing/);
  expect(encode('gwf/coder', { meter_medium: 'BEER' })).toThrow(/GAS, WARM_WATER, WATER/);
});
