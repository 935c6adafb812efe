import type { EpochMs } from '../model/time.ts';

/** One value of an uplink in the unit of its observed property. */
export interface DecodedValue {
  readonly property: string;
  readonly channel?: string;
  /** Truth as 0/1; null where the device reported it missing. */
  readonly value: number | null;
  readonly time: EpochMs;
  /** Index of the record within the uplink. */
  readonly record: number;
  readonly health: boolean;
}
