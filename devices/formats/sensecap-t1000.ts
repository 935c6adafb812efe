import type { Codec, DecodedRecord } from '../codec.ts';
import {
  type Cursor,
  cursorAt,
  payloadError,
  readBytes,
  readU8,
  readU16Be,
  readU32Be,
  remaining,
} from './byte-reader.ts';
import { type Fields, type NumberType, type Part, readPart } from './part.ts';

/*
 * SenseCAP T1000-A and -B: blocks of a number and what belongs to it, big endian. Layouts as in
 * akenza-io/device-type-library types/seeed/senseCAPT1000A and in chirpstack/chirpstack-device-profiles
 * vendors/seeed-technology-co-ltd/codecs/SenseCAP-T1000-AB.js.
 */

/** Reads a block; answers when it was measured, where the block says so. */
type BlockReader = (cursor: Cursor, fields: Fields) => number | undefined;

const n = (field: string, type: NumberType = 'u8', divisor = 1): Part => ({ field, type, divisor });
/** A sensor that is off reports 0x8000. */
const sensor = (field: string, divisor = 1): Part => ({ field, type: 's16', divisor, missing: [-32_768] });

/** Reads parts that say nothing of the time. */
const read = (cursor: Cursor, parts: readonly Part[], fields: Fields): undefined => {
  for (const part of parts) readPart(cursor, part, fields);
};
const parts =
  (list: readonly Part[]): BlockReader =>
  (cursor, fields) =>
    read(cursor, list, fields);

const intervals = [n('heartbeat_interval', 'u16'), n('periodic_interval', 'u16'), n('event_interval', 'u16')];

const readVersions = (cursor: Cursor, fields: Fields): void => {
  fields.firmware_version = `${readU8(cursor)}.${readU8(cursor)}`;
  fields.hardware_version = `${readU8(cursor)}.${readU8(cursor)}`;
};

const modes = [n('work_mode'), n('positioning_strategy'), ...intervals, n('sensor_enabled'), n('sos_mode')];
const readInfo: BlockReader = (cursor, fields) => {
  fields.battery_level = readU8(cursor);
  readVersions(cursor, fields);
  read(cursor, modes, fields);
  return undefined;
};

const settings: readonly Part[] = [
  n('motion_enabled'),
  sensor('any_motion_threshold'),
  n('motion_start_interval', 'u16'),
  n('static_enabled'),
  n('device_static_timeout', 'u16'),
  n('shock_enabled'),
  n('shock_threshold', 'u16'),
  n('temperature_enabled'),
  n('event_temperature_interval', 'u16'),
  n('event_temperature_sample_interval', 'u16'),
  sensor('temperature_th_max', 10),
  sensor('temperature_th_min', 10),
  n('temperature_warning_type'),
  n('light_enabled'),
  n('event_light_interval', 'u16'),
  n('event_light_sample_interval', 'u16'),
  sensor('light_th_max', 10),
  sensor('light_th_min', 10),
  n('light_warning_type'),
];

const readModes: BlockReader = (cursor, fields) => {
  read(cursor, [n('work_mode'), { type: 'skip', size: 1 }, ...intervals, n('sos_mode')], fields);
  const { work_mode, heartbeat_interval, periodic_interval, event_interval } = fields;
  const chosen = [heartbeat_interval, periodic_interval, event_interval][Number(work_mode)];
  fields.uplink_interval = chosen ?? null;
  return undefined;
};

const eventNames = [
  'start_movement',
  'end_movement',
  'motionless',
  'shock',
  'temperature',
  'light',
  'sos',
  'press_once',
];

/** Three bytes, of which the last one is in use. */
const readEvents = (cursor: Cursor, fields: Fields): void => {
  const [, , bits = 0] = readBytes(cursor, 3);
  for (const [bit, name] of eventNames.entries()) fields[`${name}_event`] = ((bits >> bit) & 1) === 1;
};

/** A clock that was never set stands at 1970. */
const readTime = (cursor: Cursor): number | undefined => {
  const seconds = readU32Be(cursor);
  return seconds >= Date.UTC(2015, 0, 1) / 1000 ? seconds * 1000 : undefined;
};

const NO_STATION = 'ff'.repeat(6);
const readStations = (cursor: Cursor, fields: Fields, count: number): void => {
  let found = 0;
  for (let index = 0; index < count; index++) {
    const address = readBytes(cursor, 6).toHex();
    const level = (readU8(cursor) << 24) >> 24;
    if (address === NO_STATION) continue;
    found++;
    fields[`mac_${found}`] = (address.match(/../g) ?? []).join(':');
    fields[`rssi_${found}`] = level;
  }
  fields.stations = found;
};

const position = [n('longitude', 's32', 1e6), n('latitude', 's32', 1e6)];
const climate = [sensor('temperature', 10), sensor('light')];
const acceleration = ['x', 'y', 'z'].map((axis) => sensor(`accelerometer_${axis}`));
const battery = [n('battery_level')];

interface Measurement {
  /** Stations that the scan has room for. */
  readonly stations?: number;
  readonly after: readonly Part[];
}

const measured =
  ({ stations, after }: Measurement): BlockReader =>
  (cursor, fields) => {
    readEvents(cursor, fields);
    fields.motion_id = readU8(cursor);
    const time = readTime(cursor);
    if (stations !== undefined) readStations(cursor, fields, stations);
    read(cursor, after, fields);
    return time;
  };

/** Where no position was found. */
const unlocated =
  (after: readonly Part[]): BlockReader =>
  (cursor, fields) => {
    fields.positioning_status = readU8(cursor);
    readEvents(cursor, fields);
    const time = readTime(cursor);
    read(cursor, after, fields);
    return time;
  };

const readShard = (cursor: Cursor, fields: Fields): void => {
  const flag = readU8(cursor);
  fields.shard_flag_count = flag >> 4;
  fields.shard_flag_index = flag & 15;
  fields.group_id = readU16Be(cursor);
};

const sharded =
  (after: readonly Part[]): BlockReader =>
  (cursor, fields) => {
    const time = measured({ after })(cursor, fields);
    readShard(cursor, fields);
    return time;
  };

const errors = ['', 'FAILED_TO_OBTAIN_THE_UTC_TIMESTAMP', 'ALMANAC_TOO_OLD', 'DOPPLER_ERROR'];

const blocks: Readonly<Record<number, BlockReader>> = {
  1: (cursor, fields) => {
    readInfo(cursor, fields);
    return read(cursor, settings, fields);
  },
  2: readInfo,
  3: parts(settings),
  4: readModes,
  5: parts([...battery, n('work_mode'), n('positioning_strategy'), n('sos_mode')]),
  6: measured({ after: [...position, ...climate, ...battery] }),
  7: measured({ stations: 4, after: [...climate, ...battery] }),
  8: measured({ stations: 3, after: [...climate, ...battery] }),
  9: measured({ after: [...position, ...battery] }),
  10: measured({ stations: 4, after: battery }),
  11: measured({ stations: 3, after: battery }),
  // A sign of life without anything else.
  12: () => undefined,
  13: (cursor, fields) => {
    const code = readU32Be(cursor);
    fields.error_code = code;
    fields.error = errors[code] ?? '';
    return undefined;
  },
  14: (cursor, fields) => {
    readShard(cursor, fields);
    fields.payload = readBytes(cursor, readU8(cursor)).toHex();
    return undefined;
  },
  15: sharded([...climate, ...battery]),
  16: sharded(battery),
  17: unlocated([...climate, ...battery]),
  26: measured({ after: [...position, ...climate, ...acceleration, ...battery] }),
  27: measured({ stations: 4, after: [...climate, ...acceleration, ...battery] }),
  28: measured({ stations: 3, after: [...climate, ...acceleration, ...battery] }),
  29: unlocated([...climate, ...acceleration, ...battery]),
};

/** Ports of the radio chip's own services: handed on as they are. */
const servicePorts = new Set([192, 199]);

const readBlock = (cursor: Cursor): DecodedRecord => {
  const id = readU8(cursor);
  const reader = blocks[id];
  if (!reader) throw payloadError(`No block 0x${id.toString(16).padStart(2, '0')} is known`);
  const fields: Fields = {};
  const time = reader(cursor, fields);
  return time === undefined ? { fields } : { time, fields };
};

export const senseCapT1000: Codec = {
  decodeUplink: ({ fPort, bytes }) => {
    if (servicePorts.has(fPort)) return { records: [{ fields: { payload: bytes.toHex() } }], warnings: [] };
    const cursor = cursorAt(bytes);
    const records: DecodedRecord[] = [readBlock(cursor)];
    const warnings: string[] = [];
    while (remaining(cursor) > 0) {
      const { at } = cursor;
      if (blocks[bytes[at] ?? 0]) {
        records.push(readBlock(cursor));
      } else {
        warnings.push(`Block 0x${(bytes[at] ?? 0).toString(16).padStart(2, '0')} and what follows it is unknown`);
        cursor.at = bytes.length;
      }
    }
    return {
      records: records.filter(({ fields }) => Object.keys(fields).length > 0 || records.length === 1),
      warnings,
    };
  },
};
