import type { Codec } from '../../codec.ts';
import {
  type Cursor,
  cursorAt,
  payloadError,
  readBytes,
  readU8,
  readU16Be,
  readU32Be,
  remaining,
} from '../../formats/byte-reader.ts';
import type { Fields } from '../../formats/part.ts';
import { countingArea } from './area.ts';

// Counts on fPort 1, answers to commands on the others: u8 command, then its value; FF, command and FF for a refusal.
// After vendor/terabee of TheThingsNetwork/lorawan-devices and types/terabee of akenza-io/device-type-library.

const AREA_PORT = 101;
const ACKNOWLEDGE = 0xff;

interface Totals {
  readonly lastFw: number;
  readonly lastBw: number;
}

const totalsOf = (state: unknown): Partial<Totals> => (typeof state === 'object' && state !== null ? state : {});

/** What was counted since the previous frame; 0 for the first one and after the device counts anew. */
const increment = (last: unknown, now: number): number => (typeof last === 'number' && last <= now ? now - last : 0);

const counts = (cursor: Cursor, state: unknown) => {
  const absoluteFw = readU32Be(cursor);
  const absoluteBw = readU32Be(cursor);
  const flags = readU8(cursor);
  const { lastFw, lastBw } = totalsOf(state);
  const fields: Fields = {
    absolute_fw: absoluteFw,
    absolute_bw: absoluteBw,
    fw: increment(lastFw, absoluteFw),
    bw: increment(lastBw, absoluteBw),
    wifi_ap_enabled: (flags & 8) !== 0,
    multi_dev_issue: (flags & 4) !== 0,
    tpc_stuck: (flags & 2) !== 0,
    tpc_stopped: (flags & 1) !== 0,
  };
  return { records: [{ fields }], warnings: [], state: { lastFw: absoluteFw, lastBw: absoluteBw } satisfies Totals };
};

interface Command {
  readonly name: string;
  readonly read?: (cursor: Cursor, fields: Fields) => void;
}

const version = (component: string): Command => ({
  name: `CMD_GET_VER_${component.toUpperCase()}`,
  read: (cursor, fields) => {
    fields[`${component}_version`] = readBytes(cursor, 3).join('.');
  },
});

/** By fPort and command id. */
const commands: Readonly<Record<number, Readonly<Record<number, Command>>>> = {
  2: {
    1: { name: 'CMD_CNT_RST' },
    2: {
      name: 'CMD_CNT_GET',
      read: (cursor, fields) => {
        fields.absolute_fw = readU32Be(cursor);
        fields.absolute_bw = readU32Be(cursor);
      },
    },
    130: { name: 'CMD_CNT_SET' },
  },
  3: { 1: { name: 'CMD_DEV_RBT' }, 2: { name: 'CMD_TPC_RST' } },
  4: {
    1: version('people_counting'),
    2: version('web_gui'),
    3: version('lora_agent'),
    4: version('access_point'),
    5: version('updater_web_gui'),
    6: version('fan_service'),
  },
  5: {
    1: {
      name: 'CMD_GET_AP_STATE',
      read: (cursor, fields) => {
        fields.wifi_ap_enabled = readU8(cursor) === 1;
      },
    },
    129: { name: 'CMD_SET_AP_STATE' },
  },
  6: { 1: { name: 'CMD_FORCE_REJOIN' } },
  7: { 1: { name: 'CMD_FORCE_TIME_SYNC' } },
  100: {
    1: {
      name: 'CMD_GET_HEIGHT',
      read: (cursor, fields) => {
        fields.mounting_height = readU16Be(cursor);
      },
    },
    129: { name: 'CMD_SET_HEIGHT' },
    2: {
      name: 'CMD_GET_REVERSE',
      read: (cursor, fields) => {
        fields.direction = readU8(cursor) === 1 ? 'reversed' : 'normal';
      },
    },
    130: { name: 'CMD_SET_REVERSE' },
    3: {
      name: 'CMD_GET_PUSH_PERIOD',
      read: (cursor, fields) => {
        fields.push_period_min = readU16Be(cursor);
      },
    },
    131: { name: 'CMD_SET_PUSH_PERIOD' },
  },
  102: { 0: { name: 'CMD_SET_AREA_PTS' } },
};

const answer = (cursor: Cursor, fPort: number): Fields => {
  const first = readU8(cursor);
  const acknowledged = first === ACKNOWLEDGE;
  const id = acknowledged ? readU8(cursor) : first;
  const command = commands[fPort]?.[id];
  if (!command) throw payloadError(`fPort ${fPort} has no command ${id}`);
  const fields: Fields = {
    command: command.name,
    command_id: id,
    command_success: !acknowledged || readU8(cursor) !== ACKNOWLEDGE,
  };
  if (!acknowledged) command.read?.(cursor, fields);
  return fields;
};

export const codec: Codec = {
  decodeUplink({ fPort, bytes, state }) {
    const cursor = cursorAt(bytes);
    if (fPort === 1) return counts(cursor, state);
    const fields =
      fPort === AREA_PORT ? { command: 'CMD_GET_AREA_PTS', ...countingArea(cursor) } : answer(cursor, fPort);
    const warnings = remaining(cursor) > 0 ? [`${remaining(cursor)} bytes after the answer`] : [];
    // Totals that were asked for are counted with the next report.
    return { records: [{ fields }], warnings, ...(state !== undefined && { state }) };
  },
};
