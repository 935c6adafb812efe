import type { Codec } from '../../codec.ts';
import { cursorAt, payloadError, readBytes, readU8, remaining } from '../../formats/byte-reader.ts';
import type { Fields } from '../../formats/part.ts';

/**
 * Astraled Mantis, gateway protocol 0.02: items of a size (lower six bits), a type and little-endian values. Types and
 * scales: akenza-io/device-type-library (MIT), types/astraled/mantis.
 */
type Kind = 'u8' | 's8' | 'u16' | 's16' | 'u32' | 'f32';

interface Value {
  readonly field: string;
  readonly kind: Kind;
  readonly divisor?: number;
}

const sizes: Readonly<Record<Kind, number>> = { u8: 1, s8: 1, u16: 2, s16: 2, u32: 4, f32: 4 };

const one = (field: string, kind: Kind, divisor = 1): readonly Value[] => [{ field, kind, divisor }];
const many = (kind: Kind, ...fields: readonly string[]): readonly Value[] => fields.map((field) => ({ field, kind }));
const colour = (state: string): readonly Value[] =>
  many('u8', `iaq_rgbw_${state}_red`, `iaq_rgbw_${state}_green`, `iaq_rgbw_${state}_blue`);
const thresholds = (state: string): readonly Value[] =>
  many('u16', `iaq_threshold_co2_${state}`, `iaq_threshold_voc_${state}`);

const items: Readonly<Record<number, readonly Value[]>> = {
  7: one('group_address', 'u8'),
  8: one('serial_number', 'u32'),
  9: one('temperature', 's16', 100),
  10: one('humidity', 'u16', 10),
  11: one('voc', 'u16'),
  12: one('co2', 'u16'),
  13: one('eco2', 'u16'),
  14: one('iaq_state_int', 'u8'),
  15: one('iaq_state_ext', 'u8'),
  16: one('pm1_0', 'f32'),
  17: one('pm2_5', 'f32'),
  18: one('pm4_0', 'f32'),
  19: one('pm10', 'f32'),
  20: one('iaq_particel_typ_size', 'f32'),
  21: thresholds('good'),
  22: thresholds('still_ok'),
  23: thresholds('bad'),
  24: many('u8', 'iaq_filter_time', 'iaq_hysteresis_co2', 'iaq_hysteresis_voc'),
  25: colour('good'),
  26: colour('still_ok'),
  27: colour('bad'),
  28: colour('deadly'),
  29: colour('warmup'),
  30: one('iaq_rgbw_dimming', 'u8'),
  31: one('iaq_visualisation', 'u8'),
  32: one('altitude', 'u16'),
  33: one('latitude', 'f32'),
  34: one('longitude', 'f32'),
  35: one('light_state', 'u8'),
  37: one('light_set_cct', 'u16'),
  38: one('light_set_lux', 'u16'),
  39: one('light_light_level', 'u16'),
  40: one('device_temperature', 's8'),
  41: one('error', 'u32'),
  42: one('act_pwr', 'f32'),
  43: one('energy', 'f32'),
  44: one('sensor_ambient_light', 'u16'),
  45: one('sensor_cct', 'u16'),
  48: many('s16', 'iaq_tempature_comp_off', 'iaq_tempature_comp_on'),
};

const read = (view: DataView, at: number, kind: Kind): number => {
  switch (kind) {
    case 'u8':
      return view.getUint8(at);
    case 's8':
      return view.getInt8(at);
    case 'u16':
      return view.getUint16(at, true);
    case 's16':
      return view.getInt16(at, true);
    case 'u32':
      return view.getUint32(at, true);
    case 'f32':
      return view.getFloat32(at, true);
  }
};

const need = (data: Uint8Array, size: number, type: number): void => {
  if (data.length < size)
    throw payloadError(`Mantis item ${type} has ${size} bytes, the frame gives it ${data.length}`);
};

const setValues = (fields: Fields, data: Uint8Array, { type, values }: { type: number; values: readonly Value[] }) => {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let at = 0;
  for (const { field, kind, divisor = 1 } of values) {
    need(data, at + sizes[kind], type);
    const value = read(view, at, kind) / divisor;
    fields[field] = Number.isFinite(value) ? value : null;
    at += sizes[kind];
  }
};

/** Versions stand with their lowest part first. */
const setVersion = (fields: Fields, type: number, data: Uint8Array): boolean => {
  need(data, type === 1 ? 2 : type <= 4 ? 3 : 0, type);
  const [low = 0, middle = 0, high = 0] = data;
  if (type === 1) fields.protocol_version = `Version: ${middle}.${low}`;
  else if (type === 2) fields.app_version = `Version: ${high}.${middle}p${low}`;
  else if (type === 3) fields.lora_stack_version = `Version: ${high}.${middle}.${low}`;
  else if (type === 4) fields.lora_version = `Version: ${high}.${middle}.${low}`;
  else return false;
  return true;
};

const CYCLE_TIME = 6;

const setCycle = (fields: Fields, data: Uint8Array): boolean => {
  need(data, 3, CYCLE_TIME);
  const [message = 0, low = 0, high = 0] = data;
  if (message < 1 || message > 8) return false;
  fields[`msg_cycle_time${message}`] = low | (high << 8);
  return true;
};

const setItem = (fields: Fields, type: number, data: Uint8Array): boolean => {
  const values = items[type];
  if (values) {
    setValues(fields, data, { type, values });
    return true;
  }
  if (type === CYCLE_TIME) return setCycle(fields, data);
  return type >= 1 && type <= 4 && setVersion(fields, type, data);
};

export const codec: Codec = {
  decodeUplink({ bytes }) {
    const cursor = cursorAt(bytes);
    if (bytes.length === 0) throw payloadError('The frame is empty');
    const fields: Fields = {};
    const warnings: string[] = [];
    while (remaining(cursor) > 0) {
      const size = readU8(cursor) & 0x3f;
      const type = readU8(cursor);
      if (!setItem(fields, type, readBytes(cursor, size))) warnings.push(`Mantis item ${type} is not known`);
    }
    if (Object.keys(fields).length === 0) throw payloadError('The frame holds no item that Mantis is known to send');
    return { records: [{ fields }], warnings };
  },
};
