import { payloadError, readBytes, readU8, readU16Be, readU32Be, remaining } from './byte-reader.ts';
import {
  addresses,
  bufferedTimestamp,
  fixed,
  flags,
  hex,
  levelledStations,
  satelliteSignals,
  skipped,
  type TruvamiItem,
  type TruvamiLayout,
  timestamp,
  u8,
  u16,
  u32,
  versions,
} from './truvami-layout.ts';

/* Messages of truvami's tag XL by fPort, as in truvami/decoder, pkg/decoder/tagxl/v1. */

type Setting = readonly [size: number, read: TruvamiItem['read']];

/** Two figures of 16 bits. */
const pair = (first: string, second: string): Setting => [
  4,
  (cursor, { fields }) => {
    fields[first] = readU16Be(cursor);
    fields[second] = readU16Be(cursor);
  },
];

const dataRates = ['dr5-sf7', 'dr4-sf8', 'dr3-sf9', 'dr2-sf10', 'dr1-sf11', 'dr0-sf12', 'dr1-3-array', 'adr'];

/** Settings of the Tag XL by their tag; each holds the bytes that the second entry says. */
const settings: Readonly<Record<number, Setting>> = {
  64: [
    1,
    (cursor, { fields }) => {
      const raw = readU8(cursor);
      fields.accelerometer_enabled = (raw & 8) !== 0;
      fields.wifi_enabled = (raw & 4) !== 0;
      fields.gnss_enabled = (raw & 2) !== 0;
      fields.firmware_upgrade = (raw & 1) !== 0;
    },
  ],
  65: pair('localization_interval_while_moving', 'localization_interval_while_steady'),
  66: pair('accelerometer_wakeup_threshold', 'accelerometer_delay'),
  67: [1, u8('heartbeat_interval').read],
  68: [1, u8('advertisement_firmware_upgrade_interval').read],
  69: [2, u16('battery', 1000).read],
  70: [4, hex('firmware_hash', 4).read],
  71: [
    1,
    (cursor, { fields }) => {
      const raw = readU8(cursor);
      fields.rotation_invert = (raw & 1) !== 0;
      fields.rotation_confirmed = (raw & 2) !== 0;
    },
  ],
  73: [2, u16('reset_count').read],
  74: [4, u32('reset_cause').read],
  75: pair('gnss_scans', 'wifi_scans'),
  78: [
    1,
    (cursor, { fields }) => {
      fields.data_rate = dataRates[readU8(cursor)] ?? 'unknown';
    },
  ],
};

/** Tag, length and value after a head of three bytes that begins with 0x4c. */
const settingsList: TruvamiItem = {
  size: 3,
  read: (cursor, frame) => {
    const kind = readU8(cursor);
    if (kind !== 0x4c) throw payloadError(`No settings message 0x${kind.toString(16)} is known`);
    readBytes(cursor, 2);
    while (remaining(cursor) > 0) {
      const [tag, size] = [readU8(cursor), readU8(cursor)];
      const known = settings[tag];
      if (known && known[0] === size) known[1](cursor, frame);
      else frame.warnings.push(`Setting 0x${tag.toString(16)} is unknown: ${readBytes(cursor, size).toHex()}`);
    }
  },
};

const rotationStates = flags((raw) => ({ old_rotation_state: raw >> 4, new_rotation_state: raw & 0x0f }));
const rotation = [rotationStates, timestamp, u16('number_of_rotations', 10), u32('elapsed_seconds')];

const moving = (is: boolean): TruvamiItem => fixed('moving', is);
const scan = versions('version', { 0: [addresses(5)], 1: [levelledStations(5)] });

/** The device's own clock, in a message that asks for the time. */
const clock: TruvamiItem = {
  size: 4,
  read: (cursor, { fields }) => {
    fields.device_clock = readU32Be(cursor);
  },
};

export const tagXlMessages: Readonly<Record<number, TruvamiLayout>> = {
  150: [skipped(5), clock],
  151: [settingsList],
  152: [
    versions('version', {
      1: [skipped(1), ...rotation],
      2: [skipped(1), u8('sequence_number'), ...rotation],
    }),
  ],
  192: [moving(false), satelliteSignals],
  193: [moving(true), satelliteSignals],
  194: [moving(false), timestamp, satelliteSignals],
  195: [moving(true), timestamp, satelliteSignals],
  197: [moving(false), scan],
  198: [moving(true), scan],
  199: [satelliteSignals],
  200: [moving(false), bufferedTimestamp, scan],
  201: [moving(true), bufferedTimestamp, scan],
  210: [moving(false), timestamp, satelliteSignals],
  211: [moving(true), timestamp, satelliteSignals],
  212: [moving(false), timestamp, scan],
  213: [moving(true), timestamp, scan],
};
