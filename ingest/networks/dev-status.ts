import type { Status } from '../../model/uplink.ts';
import { anyNumber, type Draft } from './fields.ts';

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
