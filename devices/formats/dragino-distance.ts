import type { CodecResult, FieldValue } from '../codec.ts';
import { type Cursor, cursorAt, readU8, readU16Be, remaining } from './byte-reader.ts';
import { batteryVolts, behind, readProbeTemperature } from './dragino-frames.ts';
import type { Fields } from './part.ts';

/** Dragino's ultrasonic level sensors: one probe in mm (LDDS75, DDS20-LB) or four in tenths of a centimetre (DDS04). */

const NO_SENSOR = 0;
/** Anything nearer than 20 mm is sent as 20, which the makers call invalid. */
const TOO_NEAR = 20;

/** mm; null where no probe answers or the echo came from too near. */
export const distanceOf = (raw: number): number | null => (raw === NO_SENSOR || raw === TOO_NEAR ? null : raw);

/** Why there is no distance, in the words of the makers' decoder. */
export const distanceStatusOf = (raw: number): string => {
  if (raw === NO_SENSOR) return 'No Sensor';
  return raw === TOO_NEAR ? 'Invalid Reading' : 'OK';
};

interface OneProbe {
  /** Further figures from the battery's volts. */
  readonly battery?: (volts: number) => Readonly<Fields>;
  /** How the two flags are answered. */
  readonly flag: (raw: number) => FieldValue;
}

/** fPort 2: battery, distance; from firmware 1.1 on the interrupt flag, from 1.1.4 on a DS18B20 and the probe's flag. */
export const readOneProbe = (bytes: Uint8Array, { battery, flag }: OneProbe): CodecResult => {
  const cursor = cursorAt(bytes);
  const volts = batteryVolts(readU16Be(cursor));
  const raw = readU16Be(cursor);
  const fields: Fields = {
    battery_voltage: volts,
    ...battery?.(volts),
    distance: distanceOf(raw),
    distance_status: distanceStatusOf(raw),
  };
  if (remaining(cursor) > 0) fields.interrupt_flag = flag(readU8(cursor));
  if (remaining(cursor) > 0) {
    fields.temperature = readProbeTemperature(cursor);
    fields.sensor_flag = flag(readU8(cursor));
  }
  return { records: [{ fields }], warnings: behind(cursor) };
};

/** `count` probes as distance1, distance2 and so on, in cm. */
export const readProbes = (cursor: Cursor, count: number, fields: Fields): void => {
  for (let probe = 1; probe <= count; probe++) {
    const distance = distanceOf(readU16Be(cursor));
    fields[`distance${probe}`] = distance === null ? null : distance / 10;
  }
};

const messageTypes: Readonly<Record<number, string>> = { 1: 'NORMAL_UPLINK', 2: 'REPLY_CONFIGURES_INFO' };

/** fPort 2: battery with flags, four distances, kind of message. `fromBattery` answers what its flags and volts mean. */
export const readFourProbes = (bytes: Uint8Array, fromBattery: (word: number) => Readonly<Fields>): CodecResult => {
  const cursor = cursorAt(bytes);
  if (bytes.length > 10 && bytes[0] === 0x03 && bytes[10] === 0x02) {
    return { records: [{ fields: { message_type: 'REPLY_CONFIGURES_INFO', reply: bytes.toHex() } }], warnings: [] };
  }
  const word = readU16Be(cursor);
  const fields: Fields = { battery_voltage: batteryVolts(word), ...fromBattery(word) };
  readProbes(cursor, 4, fields);
  if (remaining(cursor) > 0) {
    const type = readU8(cursor);
    fields.message_type = messageTypes[type] ?? `unknown (${type})`;
  }
  return { records: [{ fields }], warnings: behind(cursor) };
};
