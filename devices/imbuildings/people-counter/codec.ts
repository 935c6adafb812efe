import type { Codec } from '../../codec.ts';
import { type Cursor, cursorAt, payloadError, readBytes, readU8 } from '../../formats/byte-reader.ts';
import { type Fields, type Part, readPart } from '../../formats/part.ts';

// Big endian: u8 type, u8 variant, then often the device's EUI (8 bytes) and the values. The values stand at the end
// of the frame, so they are counted from there. After types/IMBuildings of akenza-io/device-type-library.

const part = (field: string, type: 'u8' | 's8' | 'u16' = 'u8', divisor = 1): Part => ({ field, type, divisor });

const head: readonly Part[] = [part('device_status'), part('battery_voltage', 'u16', 100)];
const counters: readonly Part[] = [part('counter_a', 'u16'), part('counter_b', 'u16')];
const totals: readonly Part[] = [part('total_counter_a', 'u16'), part('total_counter_b', 'u16')];
const buttons = ['great', 'good', 'mid', 'bad', 'worst'] as const;

/** Values by type and variant; an empty variant holds for all of a type. */
const layouts: Readonly<Record<string, readonly Part[]>> = {
  '1': [
    ...head,
    { field: 'temperature', type: 's16', divisor: 100 },
    part('humidity', 'u16', 100),
    part('co2', 'u16'),
    part('presence'),
  ],
  '2:4': [...head, part('rssi', 's8'), { type: 'skip', size: 7 }, ...counters, part('sensor_status')],
  '2:6': [...head, ...counters, part('sensor_status'), ...totals, part('payload_counter')],
  '2:7': [part('sensor_status'), ...totals],
  '2:8': [...head, part('sensor_status')],
  '2:9': [
    ...head,
    ...counters,
    part('sensor_status'),
    ...totals,
    part('payload_counter'),
    // A code of the mobile network module here, not dBm.
    part('signal_quality'),
    part('ce_level'),
  ],
  '2:12': [...head, part('sensor_status'), part('sensor_activity_on', 'u16'), part('sensor_activity_off', 'u16')],
  '3:3': [...head, part('buttons')],
  '3:4': [...head, ...buttons.map((button) => part(button, 'u16'))],
};

const sizes = new Map(
  Object.entries(layouts).map(([name, parts]) => [
    name,
    parts.reduce(
      (sum, { type, ...rest }) => sum + ('size' in rest ? rest.size : type === 'u16' || type === 's16' ? 2 : 1),
      0,
    ),
  ]),
);

const deviceStates: Readonly<Record<number, string>> = {
  0: 'NO_STATUS',
  1: 'STARTUP',
  2: 'RECONNECT',
  4: 'SETTINGS_CHANGED',
  8: 'BATTERY_NOT_FULL',
};

const sensorStates: Readonly<Record<number, string>> = {
  128: 'INFRARED_BLOCKED',
  64: 'RECEIVER_DISTURBANCE',
  32: 'RECEIVER_LOW_BATTERY',
  4: 'SENSOR_POWER_UP',
  2: 'IR_SIGNAL_NOT_AT_FULL_STRENGTH',
};

/** The source's line for two alkaline cells: 2.1 V is empty, 3.0 V full. */
const batteryLevel = (volts: number): number => Math.min(Math.max(Math.round(((volts - 2.1) / 0.9) * 100), 0), 100);

const followUps = (fields: Fields): void => {
  if (typeof fields.battery_voltage === 'number') fields.battery_level = batteryLevel(fields.battery_voltage);
  if (typeof fields.device_status === 'number') {
    fields.device_state = deviceStates[fields.device_status] ?? 'RESERVED';
  }
  if (typeof fields.sensor_status === 'number') {
    fields.sensor_state = sensorStates[fields.sensor_status] ?? 'RESERVED';
  }
  if (typeof fields.presence === 'number') fields.presence = fields.presence === 1;
};

/** The source shows each button as its bit of the byte, not as true. */
const pressedButtons = (pressed: number, fields: Fields): void => {
  delete fields.buttons;
  fields.button_pressed = pressed !== 0;
  buttons.forEach((button, index) => {
    fields[button] = pressed & (1 << index);
  });
};

const identity = (cursor: Cursor, size: number, fields: Fields): void => {
  if (size === 8) fields.device_eui = readBytes(cursor, 8).toHex();
  else if (size > 0) fields.device_id = readBytes(cursor, size).toHex();
};

export const codec: Codec = {
  decodeUplink({ bytes }) {
    const cursor = cursorAt(bytes);
    const type = readU8(cursor);
    const variant = readU8(cursor);
    const name = layouts[type] ? String(type) : `${type}:${variant}`;
    const layout = layouts[name];
    const size = sizes.get(name);
    if (!layout || size === undefined) throw payloadError(`Payload type ${type} variant ${variant} is not known`);
    const before = bytes.length - 2 - size;
    if (before !== 0 && before !== 6 && before !== 8) {
      throw payloadError(
        `Type ${type} variant ${variant} takes ${size} bytes of values; ${bytes.length - 2} are there`,
      );
    }
    const fields: Fields = { payload_type: type, payload_variant: variant };
    identity(cursor, before, fields);
    for (const item of layout) readPart(cursor, item, fields);
    if (typeof fields.buttons === 'number') pressedButtons(fields.buttons, fields);
    followUps(fields);
    return { records: [{ fields }], warnings: [] };
  },
};
