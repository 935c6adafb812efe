import type { FieldValue } from '../../devices/codec.ts';
import { DAY, type EpochMs, MINUTE } from '../../model/time.ts';
import { between, uniform } from '../random.ts';

/** What a device sends at one moment. */
export interface Transmission {
  readonly time: EpochMs;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly fPort?: number;
}

/** A device as its radio sees it: in interval number k (from 0 at the day of mounting) it sends these. */
export interface Sensor {
  readonly intervalMs: number;
  /** Where their number varies, about how many. */
  readonly framesPerInterval: number;
  /** How many frames interval k has, where their number varies; one at least. */
  framesIn?(interval: number): number;
  /** When interval 0 is reported. */
  readonly firstAt: EpochMs;
  /** In order of time, all before the next interval begins. */
  transmissions(interval: number): Transmission[];
  /** 0 to 100 as the device answers a DevStatusReq; undefined with an external supply. */
  batteryPercent?(time: EpochMs): number;
}

export interface SensorPlace {
  /** Random key of the device. */
  readonly key: number;
  readonly deployedAt: EpochMs;
  readonly mounting: Readonly<Record<string, number | string | boolean>>;
}

/** A device joins and measures before it reports for the first time. */
const FIRST_REPORT = MINUTE;

interface Reporting {
  readonly intervalMs: number;
  /** How far a report may lie behind its time, as clocks and duty cycles want it. */
  readonly jitterMs: number;
  readonly fields: (report: Report) => Transmission['fields'];
}

interface Report {
  readonly time: EpochMs;
  readonly interval: number;
  /** When the report before this one was, or would have been. */
  readonly previous: EpochMs;
}

/** A battery device that sends one frame every so often. */
export const periodic = ({ key, deployedAt }: SensorPlace, { intervalMs, jitterMs, fields }: Reporting): Sensor => {
  const firstAt = deployedAt + Math.round(between(key, 1, [FIRST_REPORT, intervalMs]));
  const timeOf = (interval: number): EpochMs =>
    firstAt + interval * intervalMs + Math.round(jitterMs * uniform(key, 10 + interval));
  return {
    intervalMs,
    framesPerInterval: 1,
    firstAt,
    transmissions: (interval) => {
      const time = timeOf(interval);
      const previous = interval === 0 ? time - intervalMs : timeOf(interval - 1);
      return [{ time, fields: fields({ time, interval, previous }) }];
    },
    batteryPercent: (time) => batteryAt(key, time - deployedAt),
  };
};

/** Charge of a primary cell that lasts some years and is exchanged before it is empty, in percent. */
export const batteryAt = (key: number, age: number): number => {
  const lifeDays = between(key, 71, [1_100, 1_900]);
  const spent = (age / DAY + between(key, 72, [0, lifeDays])) / lifeDays;
  return 100 - 92 * (spent % 1);
};

/** A number among the parameters of the mounting. */
export const numberAt = (mounting: SensorPlace['mounting'], name: string, fallback: number): number => {
  const value = mounting[name];
  return typeof value === 'number' ? value : fallback;
};
