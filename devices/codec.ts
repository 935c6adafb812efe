import type { EpochMs } from '../model/time.ts';

/** What a codec may answer for one field; null says that the device reported the value as missing or invalid. */
export type FieldValue = number | string | boolean | null;

/** Fields measured at one instant. */
export interface DecodedRecord {
  /** Phenomenon time; absent: the time of reception. */
  readonly time?: EpochMs;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** Values that belong to one device or to its mounting, e.g. a container's depth or a probe's calibration. */
export type Parameters = Readonly<Record<string, number | string | boolean>>;

export interface CodecInput {
  readonly fPort: number;
  readonly bytes: Uint8Array;
  readonly receivedAt: EpochMs;
  readonly parameters: Parameters;
  /** What the codec answered as `state` for this device's previous frame. JSON only. */
  readonly state?: unknown;
  /** What the network server decoded, where it did. Only profiles that map it look at it. */
  readonly decoded?: Readonly<Record<string, unknown>>;
}

export type CodecResult =
  | { readonly records: readonly DecodedRecord[]; readonly warnings: readonly string[]; readonly state?: unknown }
  | { readonly errors: readonly string[] };

/** Pure decoder of one device model's frames, in the spirit of LoRa Alliance TS013-1.0.0 `decodeUplink`. */
export interface Codec {
  decodeUplink(input: CodecInput): CodecResult;
}

/** What a device is to be sent. */
export interface Downlink {
  readonly fPort: number;
  readonly bytes: Uint8Array;
}

/** Commands and settings to the bytes that a device of this model understands, in the spirit of TS013 `encodeDownlink`. */
export interface DownlinkEncoder {
  /** Throws HUB_CODEC_PAYLOAD for commands that the model does not know and values that do not fit. */
  encodeDownlink(data: Readonly<Record<string, unknown>>): Downlink;
}

/** The inverse, for simulation and round-trip tests: the bytes that a device of this model would send. */
export interface UplinkEncoder {
  encodeUplink(
    fields: Readonly<Record<string, FieldValue>>,
    options?: { fPort?: number },
  ): { fPort: number; bytes: Uint8Array };
}
