import type { Status } from '../../model/uplink.ts';
import { anyNumber, type Draft, type Json, numberOf } from './fields.ts';

const EXTERNAL_POWER = 0;
const MAX_LEVEL = 254;

/**
 * A status from the raw numbers of DevStatusAns (LoRaWAN L2 1.0.4 §5.5): battery 0 is external power, 1 to 254 a level,
 * 255 unknown; margin -32 to 31 dB.
 */
export const statusOf = (head: Omit<Status, 'kind'>, battery: unknown, margin: unknown): Status => {
  const level = anyNumber(battery, [0, 255]);
  const status: Draft<Status> = { kind: 'status', ...head, externalPower: level === EXTERNAL_POWER };
  const marginDb = anyNumber(margin, [-32, 31]);
  if (marginDb !== undefined) status.marginDb = marginDb;
  if (level !== undefined && level > 0 && level <= MAX_LEVEL) status.batteryPercent = (level / MAX_LEVEL) * 100;
  return status;
};

/**
 * A status as both ChirpStack 3 and 4 write it: the level in percent, members that are zero left out. The lowest level a
 * battery can report is 1 of 254, so that a zero is never a level.
 */
export const chirpstackStatusOf = (envelope: Json, head: Omit<Status, 'kind'>): Status => {
  const marginDb = envelope.margin === undefined ? 0 : numberOf(envelope, 'margin', [-32, 31]);
  const externalPower = envelope.externalPowerSource === true;
  const level = numberOf(envelope, 'batteryLevel', [Number.MIN_VALUE, 100]);
  const known = level !== undefined && !externalPower && envelope.batteryLevelUnavailable !== true;
  const status: Draft<Status> = { kind: 'status', ...head, externalPower };
  if (marginDb !== undefined) status.marginDb = marginDb;
  if (known) status.batteryPercent = level;
  return status;
};
