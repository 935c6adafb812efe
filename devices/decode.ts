import { type ErrorCode, errorCatalogue } from '../model/errors.ts';
import { observedProperties } from '../model/observed-properties.ts';
import { DAY, type EpochMs, formatTime, PLAUSIBLE_TIME } from '../model/time.ts';
import { batteryDerivations } from './battery.ts';
import type { CatalogueEntry, DeviceProfile } from './catalogue.ts';
import type { CodecInput, CodecResult, DecodedRecord, FieldValue } from './codec.ts';
import { mappingOf, tidy } from './mapping.ts';
import { type Derivation, mountingOf } from './mounting.ts';

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

export interface DecodedFrame {
  readonly records: readonly DecodedRecord[];
  readonly values: readonly DecodedValue[];
  readonly warnings: readonly string[];
  /** To be handed in with the device's next frame. */
  readonly state?: unknown;
}

export interface DecodeFailure {
  readonly errors: readonly { readonly code: ErrorCode; readonly detail: string }[];
}

/** How far a device's clock may run ahead before its record counts as of no time at all. */
const CLOCK_AHEAD = DAY;

/**
 * One frame to values of observed properties: runs the codec, checks what it answers, maps fields to properties with
 * their units, and adds what follows from the mounting. `input.parameters` are the device's merged with its
 * deployment's. Never throws: what goes wrong comes back as coded errors.
 */
export const decodeFrame = (entry: CatalogueEntry, input: CodecInput): DecodedFrame | DecodeFailure => {
  const { profile, codec } = entry;
  if (!profile.fPorts.includes(input.fPort)) {
    const detail = `${profile.id} sends on fPort ${profile.fPorts.join(', ')}, not ${input.fPort}`;
    return { errors: [{ code: 'HUB_CODEC_UNKNOWN_PORT', detail }] };
  }
  let result: CodecResult;
  try {
    result = codec.decodeUplink(input);
  } catch (thrown) {
    return failure(thrown);
  }
  if ('errors' in result) {
    return { errors: result.errors.map((detail) => ({ code: 'HUB_CODEC_PAYLOAD', detail })) };
  }
  try {
    return place(result, input, profile);
  } catch (thrown) {
    // Records of another shape than the type promises, e.g. from a codec that is no TypeScript.
    return failure(thrown);
  }
};

/**
 * A coded error keeps its code. It is known by its shape: a codec that was loaded on its own (in a test runner, in a
 * sandbox) has its own class of the same name.
 */
const failure = (thrown: unknown): DecodeFailure => {
  if (!(thrown instanceof Error)) return { errors: [{ code: 'HUB_CODEC_FAILED', detail: String(thrown) }] };
  if ('code' in thrown && isErrorCode(thrown.code)) return { errors: [{ code: thrown.code, detail: thrown.message }] };
  return { errors: [{ code: 'HUB_CODEC_FAILED', detail: `${thrown.name}: ${thrown.message}` }] };
};

const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(errorCatalogue, code);

type CodecSuccess = Exclude<CodecResult, { readonly errors: readonly string[] }>;

const place = (result: CodecSuccess, input: CodecInput, profile: DeviceProfile): DecodedFrame | DecodeFailure => {
  const { records, state } = result;
  const mapping = mappingOf(profile);
  const battery = batteryDerivations(profile.battery);
  const { derivations, warnings: mountingWarnings } = mountingOf(input.parameters);
  const warnings = [...result.warnings, ...mountingWarnings];
  const values: DecodedValue[] = [];
  let timeless = 0;
  for (let index = 0; index < records.length; index++) {
    const { time = input.receivedAt, fields } = records[index] as DecodedRecord;
    if (!plausible(time, input.receivedAt)) {
      timeless++;
      warnings.push(`Record ${index} is left out: its time ${timeText(time)} cannot be true`);
      continue;
    }
    const first = values.length;
    for (const field of Object.keys(fields)) {
      const value = fields[field] as FieldValue;
      if (typeof value === 'number' && !Number.isFinite(value)) {
        return { errors: [{ code: 'HUB_CODEC_FAILED', detail: `The codec answered ${value} for ${field}` }] };
      }
      const target = mapping.get(field);
      if (!target) {
        if (!mapping.has(field)) warnings.push(`The profile does not say what becomes of ${field}`);
        continue;
      }
      const number = value === null ? null : target.number(value);
      if (number === undefined) {
        warnings.push(`${field} "${value}" has no number in the profile`);
        continue;
      }
      const { property, channel, health } = target;
      values.push(
        channel === undefined
          ? { property, value: number, time, record: index, health }
          : { property, channel, value: number, time, record: index, health },
      );
    }
    if (derivations.length > 0) derive(values, first, derivations);
    if (battery.length > 0) derive(values, first, battery);
  }
  if (timeless > 0 && timeless === records.length) {
    return { errors: [{ code: 'HUB_ENVELOPE_TIME', detail: warnings.at(-1) ?? 'No record carries a plausible time' }] };
  }
  return state === undefined ? { records, values, warnings } : { records, values, warnings, state };
};

const plausible = (time: EpochMs, receivedAt: EpochMs): boolean =>
  time >= PLAUSIBLE_TIME.min && time <= PLAUSIBLE_TIME.max && time <= receivedAt + CLOCK_AHEAD;

const timeText = (time: EpochMs): string => (Math.abs(time) <= 8.64e15 ? formatTime(time) : String(time));

/** Adds what follows from the values of one record, from `first` on; a figure that the device reports itself stays. */
const derive = (values: DecodedValue[], first: number, derivations: readonly Derivation[]): void => {
  const end = values.length;
  for (const { from, to, derive: follow } of derivations) {
    for (let index = first; index < end; index++) {
      const source = values[index] as DecodedValue;
      if (source.property !== from || reported(values, { first, end, to, channel: source.channel })) continue;
      values.push({
        ...source,
        property: to,
        value: source.value === null ? null : tidy(follow(source.value)),
        health: observedProperties.get(to)?.health ?? false,
      });
    }
  }
};

interface Search {
  readonly first: number;
  readonly end: number;
  readonly to: string;
  readonly channel: string | undefined;
}

const reported = (values: readonly DecodedValue[], { first, end, to, channel }: Search): boolean => {
  for (let index = first; index < end; index++) {
    const value = values[index] as DecodedValue;
    if (value.property === to && value.channel === channel) return true;
  }
  return false;
};
