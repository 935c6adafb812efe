import type { Codec, CodecInput, CodecResult } from '../../codec.ts';
import { payloadError } from '../../formats/byte-reader.ts';
import { type MbusRecord, readMbusRecords } from '../../formats/mbus-records.ts';
import type { Fields } from '../../formats/part.ts';
import { isStart, openTelegram, readApplicationError, readFixed, readVariableHead } from './telegram.ts';

/**
 * ACRIOS ACR-CV-101L-M: hands on M-Bus telegrams of wired meters, in as many frames as they need: number of the frame,
 * number of frames, then a piece of the telegram. Names of fields: akenza-io/device-type-library (MIT).
 */

/** Longest telegram of a meter has some 260 bytes, that is 63 numbers at most. */
const MOST_RECORDS = 64;

const functionNames = {
  instantaneous: 'Instantaneous',
  maximum: 'Maximum',
  minimum: 'Minimum',
  error: 'During error state',
} as const;

/** UCUM to how meters print it. */
const unitNames: Readonly<Record<string, string>> = {
  'W.h': 'Wh',
  'MW.h': 'MWh',
  m3: 'm³',
  'm3/h': 'm³/h',
  'm3/min': 'm³/min',
  'm3/s': 'm³/s',
  Cel: '°C',
  '[degF]': '°F',
  '{currency}': 'currency unit',
  s: 'seconds',
  min: 'minutes',
  h: 'hours',
  d: 'days',
  mo: 'months',
  a: 'years',
};

const titles = new Map<string, string>();

/** `flow_temperature` as `Flow Temperature`; there are few quantities, so each is written once. */
const titleOf = (quantity: string): string => {
  let title = titles.get(quantity);
  if (title === undefined) {
    title = quantity.replaceAll('_', ' ').replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
    titles.set(quantity, title);
  }
  return title;
};

/** The fields of each record by its place: putting the names together for every frame would take longer than reading. */
const names = Array.from({ length: MOST_RECORDS }, (_, index) => ({
  vifDif: `data${index}_vif_dif`,
  type: `data${index}_type`,
  unit: `data${index}_unit`,
  value: `data${index}_value`,
  func: `data${index}_func`,
  device: `data${index}_device`,
  tariff: `data${index}_tariff`,
  storage: `data${index}_storage`,
}));
type Names = (typeof names)[number];

/** Present values of a meter that have a field of their own. */
const present: Readonly<Record<string, string>> = {
  'energy W.h': 'energy_wh',
  'energy MW.h': 'energy_mwh',
  'energy J': 'energy_j',
  'energy GJ': 'energy_gj',
  'volume m3': 'volume_m3',
  'power W': 'power_w',
  'volume_flow m3/h': 'volume_flow_m3_per_h',
  'flow_temperature Cel': 'flow_temperature',
  'return_temperature Cel': 'return_temperature',
  'temperature_difference K': 'temperature_difference',
  'external_temperature Cel': 'external_temperature',
  'pressure bar': 'pressure_bar',
  'voltage V': 'voltage',
  'current A': 'current',
  'operating_time h': 'operating_time_h',
  'operating_time d': 'operating_time_d',
  'battery_life d': 'battery_life_d',
  error_flags: 'error_flags',
};

/** Where an electricity meter's energy and power go, which are no heat. */
const electric: Readonly<Record<string, string>> = {
  energy_wh: 'electric_energy_wh',
  energy_mwh: 'electric_energy_mwh',
  power_w: 'electric_power_w',
};
const ELECTRICITY = 2;

const fieldFor = (fields: Fields, field: string): string =>
  fields.device_code === ELECTRICITY ? (electric[field] ?? field) : field;

const setRecord = (fields: Fields, record: MbusRecord, name: Names): void => {
  const { quantity, unit, value, storage, tariff, subunit, extensions, dif, vif } = record;
  fields[name.vifDif] = `${vif.join('_')}__${dif.join('_')}`;
  fields[name.type] = titleOf(quantity);
  if (unit !== undefined) fields[name.unit] = unitNames[unit] ?? unit;
  fields[name.value] = value;
  fields[name.func] = functionNames[record.function];
  if (dif.length > 1) {
    fields[name.device] = subunit;
    fields[name.tariff] = tariff;
  }
  fields[name.storage] = storage;
  if (storage + tariff + subunit + extensions.length > 0 || record.function !== 'instantaneous') return;
  const known = present[unit === undefined ? quantity : `${quantity} ${unit}`];
  if (known === undefined || typeof value === 'string') return;
  const field = fieldFor(fields, known);
  if (fields[field] === undefined) fields[field] = value;
};

/** Units of the fixed structure that have a field of their own. */
const fixedPresent: Readonly<Record<string, readonly [field: string, factor: number]>> = {
  Wh: ['energy_wh', 1],
  kWh: ['energy_wh', 1000],
  MWh: ['energy_mwh', 1],
  kJ: ['energy_j', 1000],
  MJ: ['energy_j', 1e6],
  GJ: ['energy_gj', 1],
  W: ['power_w', 1],
  kW: ['power_w', 1000],
  ml: ['volume_m3', 1e-6],
  l: ['volume_m3', 1e-3],
  'm³': ['volume_m3', 1],
  'l/h': ['volume_flow_m3_per_h', 1e-3],
  'm³/h': ['volume_flow_m3_per_h', 1],
};

const setFixed = (fields: Fields, counters: ReturnType<typeof readFixed>): void => {
  counters.forEach(({ value, unit, storage }, index) => {
    fields[`data${index}_unit`] = unit;
    fields[`data${index}_value`] = value;
    fields[`data${index}_func`] = 'Instantaneous';
    fields[`data${index}_storage`] = storage;
    const known = fixedPresent[unit];
    if (!known || storage > 0 || fields.c_stored !== 'Actual') return;
    const [name, factor] = known;
    const field = fieldFor(fields, name);
    fields[field] ??= value === null ? null : factor < 1 ? value / Math.round(1 / factor) : value * factor;
  });
};

/** Fixed structure 73, variable structure 72, application error 70. */
const decodeTelegram = (telegram: Uint8Array): CodecResult => {
  const fields: Fields = {};
  const warnings: string[] = [];
  const cursor = openTelegram(telegram, fields);
  if (!cursor) return { records: [{ fields }], warnings };
  if (fields.ci === 0x73) setFixed(fields, readFixed(cursor, fields));
  else if (fields.ci === 0x72) {
    readVariableHead(cursor, fields);
    const { records, manufacturerData } = readMbusRecords(cursor);
    if (manufacturerData && manufacturerData.length > 0) fields.manufacturer_data = manufacturerData.toHex();
    for (let index = 0; index < records.length; index++) {
      const [record, name] = [records[index], names[index]];
      if (record && name) setRecord(fields, record, name);
    }
    if (records.length > MOST_RECORDS) warnings.push(`${records.length - MOST_RECORDS} records have no field`);
  } else if (fields.ci === 0x70) readApplicationError(cursor, fields);
  else throw payloadError(`M-Bus application data of CI ${fields.ci} is not known`);
  return { records: [{ fields }], warnings };
};

interface Pieces {
  readonly frame: number;
  readonly hex: string;
}

const isPieces = (state: unknown): state is Pieces =>
  typeof state === 'object' &&
  state !== null &&
  'frame' in state &&
  typeof state.frame === 'number' &&
  'hex' in state &&
  typeof state.hex === 'string' &&
  /^([0-9a-f]{2})*$/.test(state.hex);

const decodeUplink = ({ bytes, state }: CodecInput): CodecResult => {
  const [frame = 0, total = 0] = bytes;
  if (bytes.length < 3)
    throw payloadError('The frame ends early: number, count and a piece of a telegram are expected');
  if (frame === 0 || frame > total) throw payloadError(`Frame ${frame} of ${total} cannot be`);
  const piece = bytes.subarray(2);
  if (frame === 1 && !isStart(piece[0])) throw payloadError('The first frame does not begin an M-Bus telegram');
  if (total === 1) return decodeTelegram(piece);
  const before = isPieces(state) && state.frame === frame - 1 ? state : undefined;
  if (frame > 1 && !before) {
    return { records: [], warnings: [`Frame ${frame} of ${total} comes without frame ${frame - 1}; it is left out`] };
  }
  const hex = (before?.hex ?? '') + piece.toHex();
  if (frame < total) {
    return { records: [{ fields: { frame, frames: total } }], warnings: [], state: { frame, hex } };
  }
  return decodeTelegram(Uint8Array.fromHex(hex));
};

export const codec: Codec = { decodeUplink };
