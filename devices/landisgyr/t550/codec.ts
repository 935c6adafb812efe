import type { Codec, FieldValue } from '../../codec.ts';
import { cursorAt, payloadError, readU8 } from '../../formats/byte-reader.ts';
import { type MbusRecord, readBcd, readMbusRecords } from '../../formats/mbus-records.ts';
import type { Fields } from '../../formats/part.ts';

/**
 * Landis+Gyr Ultraheat T550 / UH50 with a LoRaWAN module: one byte of format, then M-Bus records. Formats and names of
 * fields: akenza-io/device-type-library (MIT) and the manual of Elvaco's modules of the CMi41xx family.
 */
const headers: Readonly<Record<number, string>> = {
  0: 'STANDARD',
  1: 'COMPACT',
  2: 'JSON',
  3: 'SCHEDULED',
  4: 'SCHEDULED_EXTENDED',
  5: 'COMBINED',
  250: 'CLOCK',
};
const JSON_FORMAT = 2;

interface Target {
  readonly field: string;
  readonly divisor?: number;
}

const targets: Readonly<Record<string, Target>> = {
  'volume m3': { field: 'volume' },
  'power W': { field: 'power', divisor: 1000 },
  'volume_flow m3/h': { field: 'flow' },
  'flow_temperature Cel': { field: 'flow_temp' },
  'return_temperature Cel': { field: 'back_flow_temp' },
  'temperature_difference K': { field: 'temp_difference' },
  fabrication_number: { field: 'serial_id' },
  time_point: { field: 'meter_time' },
  'operating_time h': { field: 'operating_time_h' },
  'operating_time d': { field: 'operating_time_d' },
  error_flags: { field: 'error_flags' },
};

/** Of which reading the value is; undefined: of none that the profile knows. */
const suffixOf = ({ storage, tariff, subunit, function: kind }: MbusRecord): string | undefined => {
  if (storage > 1 || tariff > 1 || subunit > 0 || kind === 'minimum') return undefined;
  return `${tariff === 1 ? '_tariff_1' : ''}${storage === 1 ? '_stored' : ''}${kind === 'maximum' ? '_max' : ''}`;
};

const VIF_10_KWH = 0x07;
const VIF_10_MJ = 0x0f;

/** The unit in which the meter shows its energy, and the value in it. */
const shownEnergy = (value: number, { unit, vif }: MbusRecord): readonly [string, number] | undefined => {
  if (unit === 'W.h') return vif[0] === VIF_10_KWH ? ['MWH', value / 1e6] : ['KWH', value / 1e3];
  if (unit === 'MW.h') return ['MWH', value];
  if (unit === 'J') return vif[0] === VIF_10_MJ ? ['GJ', value / 1e9] : ['MJ', value / 1e6];
  return unit === 'GJ' ? ['GJ', value] : undefined;
};

const perUnit: Readonly<Record<string, { readonly field: string; readonly factor: number }>> = {
  KWH: { field: 'energy_kwh', factor: 1 },
  MWH: { field: 'energy_kwh', factor: 1000 },
  MJ: { field: 'energy_mj', factor: 1 },
  GJ: { field: 'energy_mj', factor: 1000 },
};

const setEnergy = (fields: Fields, record: MbusRecord, suffix: string): boolean => {
  const { value } = record;
  if (typeof value !== 'number') {
    fields[`energy${suffix}`] = null;
    fields[`energy_kwh${suffix}`] = null;
    return true;
  }
  const shown = shownEnergy(value, record);
  if (!shown) return false;
  const [unit, amount] = shown;
  const per = perUnit[unit];
  if (suffix === '') fields.energy_unit = unit;
  fields[`energy${suffix}`] = amount;
  if (per) fields[`${per.field}${suffix}`] = Math.round(amount * per.factor * 1000) / 1000;
  return true;
};

/** Enhanced identification: number, manufacturer, version and medium in eight bytes. */
const setIdentity = (fields: Fields, data: Uint8Array): void => {
  fields.serial_id = readBcd(data.subarray(0, 4));
  fields.meter_version = data[6] ?? null;
  fields.meter_medium = data[7] ?? null;
};

const scaledBy = (value: FieldValue, divisor: number): FieldValue =>
  typeof value === 'number' ? value / divisor : value;

/** Whether the record found its field. */
const setRecord = (fields: Fields, record: MbusRecord): boolean => {
  const { quantity, unit, data, function: kind } = record;
  if (quantity === 'enhanced_identification' && data.length === 8) {
    setIdentity(fields, data);
    return true;
  }
  const suffix = suffixOf(record);
  if (suffix === undefined) return false;
  // "During error state" marks a value that the module does not have yet.
  const sound = kind === 'error' ? { ...record, value: null } : record;
  if (quantity === 'energy') return setEnergy(fields, sound, suffix);
  const target = targets[unit === undefined ? quantity : `${quantity} ${unit}`];
  // Text where a number belongs has no field.
  if (!target || (typeof sound.value === 'string' && quantity !== 'time_point')) return false;
  fields[`${target.field}${suffix}`] = scaledBy(sound.value, target.divisor ?? 1);
  // The reference decoder answers the flags together with the VIF before them.
  if (target.field === 'error_flags') fields.err_flags = `${data.toReversed().toHex()}17`;
  return true;
};

const text = new TextDecoder();

const readJson = (bytes: Uint8Array, fields: Fields): void => {
  let said: unknown;
  try {
    said = JSON.parse(text.decode(bytes));
  } catch {
    throw payloadError('The text of a T550 frame is no JSON');
  }
  if (typeof said !== 'object' || said === null) throw payloadError('The text of a T550 frame is no JSON object');
  const { E: energy, U: unit, ID: id } = said as Record<string, unknown>;
  const shown = String(unit).toUpperCase();
  const per = perUnit[shown];
  if (typeof energy !== 'number' || !Number.isFinite(energy) || !per) {
    throw payloadError('The text of a T550 frame has no energy (E) in kWh, MWh, MJ or GJ (U)');
  }
  fields.energy_unit = shown;
  fields.energy = energy;
  fields[per.field] = energy * per.factor;
  if (Number.isFinite(Number(id))) fields.serial_id = Number(id);
};

export const codec: Codec = {
  decodeUplink({ bytes }) {
    const cursor = cursorAt(bytes);
    const format = readU8(cursor);
    const header = headers[format];
    if (header === undefined) throw payloadError(`T550 has no message format ${format}`);
    const fields: Fields = { header };
    if (format === JSON_FORMAT) {
      readJson(bytes.subarray(1), fields);
      return { records: [{ fields }], warnings: [] };
    }
    const warnings: string[] = [];
    for (const record of readMbusRecords(cursor).records) {
      if (setRecord(fields, record)) continue;
      const { quantity, unit = '', value, vif } = record;
      const code = Uint8Array.from(vif).toHex();
      warnings.push(`No field for the record ${code} (${quantity} ${value ?? '-'} ${unit})`);
    }
    return { records: [{ fields }], warnings };
  },
};
