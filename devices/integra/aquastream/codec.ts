import type { Codec } from '../../codec.ts';
import {
  type Cursor,
  cursorAt,
  payloadError,
  readBytes,
  readU8,
  readU16Be,
  remaining,
} from '../../formats/byte-reader.ts';
import { type MbusRecord, readMbusRecords } from '../../formats/mbus-records.ts';
import type { Fields } from '../../formats/part.ts';

/**
 * Integra Aquastream: a telegram of wireless M-Bus (EN 13757-4 link layer without checksums, EN 13757-7 long header)
 * with records of EN 13757-3. Meaning of the alarm bits: akenza-io/device-type-library (MIT).
 */
const LONG_HEADER = 0x72;

const reversedHex = (cursor: Cursor, size: number): string =>
  readBytes(cursor, size).toReversed().toHex().toUpperCase();

const readHeaders = (cursor: Cursor, fields: Fields): void => {
  const length = readU8(cursor);
  if (length !== remaining(cursor)) throw payloadError(`The telegram has ${remaining(cursor)} bytes, not ${length}`);
  readU8(cursor); // C field: send without reply
  fields.manufacturer_code = reversedHex(cursor, 2);
  fields.module_number = reversedHex(cursor, 4);
  fields.version_number = readU8(cursor);
  fields.system_component = readU8(cursor);
  const kind = readU8(cursor);
  if (kind !== LONG_HEADER) throw payloadError(`CI field ${kind.toString(16)} is unknown; Aquastream sends 72`);
  fields.meter_address = reversedHex(cursor, 4);
  fields.meter_manufacturer_code = reversedHex(cursor, 2);
  fields.meter_version = readU8(cursor);
  fields.water_type = readU8(cursor);
  fields.transmition_counter = readU8(cursor);
  fields.status_field = readU8(cursor);
  // As written on the wire; the mode of encryption is in its second byte (EN 13757-7, 7.5.8).
  const configuration = readU16Be(cursor);
  fields.configuration = configuration;
  const mode = configuration & 0x1f;
  if (mode !== 0) throw payloadError(`The telegram is encrypted (mode ${mode})`);
};

const alarms: readonly (readonly [field: string, mask: number])[] = [
  ['battery_low', 0x0001],
  ['reverse_flow', 0x0002],
  ['overflow', 0x0004],
  ['tamper_alarm', 0x0100],
  ['burst_alarm', 0x0400],
  ['leak', 0x0800],
  ['no_consumption', 0x8000],
];

const perM3 = (value: MbusRecord['value']): number | null =>
  typeof value === 'number' ? Math.round(value * 1e6) / 1e3 : null;

/** Whether the record found its field. */
const setRecord = (
  fields: Fields,
  { quantity, unit, value, storage, tariff, subunit, ...record }: MbusRecord,
): boolean => {
  if (storage !== 0 || subunit !== 0 || record.function !== 'instantaneous') return false;
  if (quantity === 'volume' && unit === 'm3' && tariff === 1) fields.backflow = perM3(value);
  else if (tariff !== 0) return false;
  else if (quantity === 'volume' && unit === 'm3') {
    fields.volume = perM3(value);
    fields.volume_m3 = typeof value === 'number' ? value : null;
  } else if (quantity === 'error_flags' && typeof value === 'number') {
    for (const [field, mask] of alarms) fields[field] = (value & mask) !== 0;
  } else if (quantity === 'battery_life') fields.battery_lifetime = value;
  else if (quantity === 'volume_flow' && unit === 'm3/h') fields.volume_flow = value;
  else if (quantity === 'flow_temperature' && unit === 'Cel') fields.water_temperature = value;
  else if (quantity === 'external_temperature' && unit === 'Cel') fields.ambient_temperature = value;
  else if (quantity === 'time_point') fields.meter_time = value;
  else return false;
  return true;
};

export const codec: Codec = {
  decodeUplink({ bytes }) {
    const cursor = cursorAt(bytes);
    const fields: Fields = {};
    readHeaders(cursor, fields);
    const warnings: string[] = [];
    const { records, manufacturerData } = readMbusRecords(cursor);
    for (const record of records) {
      if (setRecord(fields, record)) continue;
      const code = Uint8Array.from([...record.dif, ...record.vif]).toHex();
      warnings.push(`No field for the record ${code} (${record.quantity} ${record.value ?? '-'})`);
    }
    if (manufacturerData) fields.manufacturer_data = manufacturerData.toHex();
    return { records: [{ fields }], warnings };
  },
};
