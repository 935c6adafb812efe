import { DAY, type EpochMs, HOUR, SECOND } from '../../model/time.ts';
import { between, normal, uniform } from '../random.ts';
import { rounded } from '../rounded.ts';
import { ELECTRICITY_CELL, type MeterTruth } from '../truth/meter.ts';
import type { WeatherTruth } from '../truth/weather.ts';
import { batteryAt, periodic, type Sensor, type SensorPlace } from './sensor.ts';

interface Metered extends SensorPlace {
  readonly meter: MeterTruth;
  readonly weather: WeatherTruth;
}

/** Whole units of the register: a meter never shows more than has flowed. */
const floored = (value: number, digits: number): number => Math.floor(value * 10 ** digits + 1e-6) / 10 ** digits;

/**
 * Yobiiq EM4301: registers and mean power of each quarter of an hour, under the time at which it ended; sent some seconds
 * later. Mains powered.
 */
export const em4301 = ({ key, deployedAt, meter }: Metered): Sensor => {
  const firstEnd = Math.ceil((deployedAt + 1) / ELECTRICITY_CELL) * ELECTRICITY_CELL;
  const lag = Math.round(between(key, 1, [4, 90]) * SECOND);
  const { counter, exported } = meter;
  return {
    intervalMs: ELECTRICITY_CELL,
    framesPerInterval: 1,
    firstAt: firstEnd + lag,
    transmissions: (interval) => {
      const end = firstEnd + interval * ELECTRICITY_CELL;
      const time = end + lag + Math.round(3 * SECOND * uniform(key, 10 + interval));
      const kw = counter.rate(end - 1) - (exported?.rate(end - 1) ?? 0);
      const fields = {
        timestamp: Math.floor(time / SECOND),
        datalogger_timestamp: end / SECOND,
        active_energy_import_l123_t1: Math.floor(1_000 * counter.reading(end)),
        ...(exported && { active_energy_export_l123_t1: Math.floor(1_000 * exported.reading(end)) }),
        active_power_l123: Math.round(1_000 * kw),
        modbus_error_code: 0,
      };
      return [{ time, fields }];
    },
  };
};

/** Heat that a cubic metre of water carries per kelvin, in kWh. */
const WATER_KWH = 1.16;
/** What a meter's volume counts on the average. */
const SPREAD_K = 18;

/** Landis+Gyr Ultraheat T550, hourly: kWh, 0.01 m³, 0.1 kW, litres an hour, tenths of a degree. */
export const t550 = (place: Metered): Sensor => {
  const { key, meter, weather } = place;
  const serial = 66_000_000 + (key & 0xff_ffff);
  return periodic(place, {
    intervalMs: HOUR,
    jitterMs: 20 * SECOND,
    fields: ({ time, interval }) => {
      const kwh = meter.counter.reading(time);
      const kw = meter.counter.rate(time);
      const cold = Math.max(0, 20 - weather.at(time).airTemperatureC);
      // By the heating curve while it heats; then the pipes cool towards the cellar.
      const flowC = kw > 0.3 ? 38 + 1.15 * cold + 0.4 * normal(key, 10 + interval) : 26;
      return {
        energy: Math.floor(kwh),
        volume: floored(kwh / (WATER_KWH * SPREAD_K), 2),
        power: rounded(kw, 1),
        flow: rounded(kw / (WATER_KWH * SPREAD_K), 3),
        flow_temp: rounded(flowC, 1),
        back_flow_temp: rounded(kw > 0.3 ? flowC - SPREAD_K : 24.5, 1),
        serial_id: serial,
        error_flags: 0,
      };
    },
  });
};

/** GWFcoder at a water or gas meter, hourly, in litres; it reports continuous flow when no hour of a day was without. */
export const gwfCoder = (place: Metered): Sensor => {
  const { key, meter, deployedAt } = place;
  const isLeaking = (time: EpochMs): boolean => {
    const leak = meter.leaks?.at(time);
    return leak !== undefined && time - leak.from >= DAY;
  };
  return periodic(place, {
    intervalMs: HOUR,
    jitterMs: 20 * SECOND,
    fields: ({ time }) => ({
      manufacturer_id: 7_910,
      meter_id: 20_000_000 + (key & 0xf_ffff),
      meter_medium: meter.medium === 'gas' ? 'GAS' : 'WATER',
      actuality_duration: 0,
      volume: floored(meter.counter.reading(time), 3),
      continuous_flow: isLeaking(time),
      battery_remaining_months: 6 * Math.floor((batteryAt(key, time - deployedAt) * 1.5) / 6),
    }),
  });
};
