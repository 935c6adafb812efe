import { type Cursor, payloadError, readU8, readU32Le, remaining } from './byte-reader.ts';
import { type Bytes, writeInteger } from './byte-writer.ts';
import { given, type NasPart, number } from './nas-parts.ts';

/** Pieces of the packets of NAS luminaire controllers UL20xx: DALI addresses, days, clock times. */

const plainAddress = (code: number): string | undefined => {
  if (code === 0x01) return 'analog_0_10v';
  if (code === 0xfe) return 'dali_broadcast';
  if (code === 0xff || code & 0x01) return undefined;
  return code & 0x80 ? `dali_group_${(code >> 1) & 0x0f}` : `dali_single_${(code >> 1) & 0x3f}`;
};

const addresses = Array.from({ length: 256 }, (_, code) => plainAddress(code));

const addressCode = (text: string, words: Readonly<Record<number, string>>): number => {
  const word = Object.keys(words).find((code) => words[Number(code)] === text);
  if (word !== undefined) return Number(word);
  const code = addresses.indexOf(text);
  if (code === -1) {
    const known = [
      'dali_broadcast',
      'dali_group_0 to 15',
      'dali_single_0 to 63',
      'analog_0_10v',
      ...Object.values(words),
    ];
    throw payloadError(`No address "${text}"; known: ${known.join(', ')}`);
  }
  return code;
};

/** Whom a packet is about; `words` are meanings that codes have only here. */
export const address = (words: Readonly<Record<number, string>> = {}, field = 'address'): NasPart => ({
  field,
  read: (from, into) => {
    const code = readU8(from);
    const name = words[code] ?? addresses[code];
    if (name === undefined) from.warnings.push(`invalid_address: ${code} is no address`);
    into[field] = name ?? 'invalid';
  },
  write: (out, data) => void out.push(addressCode(String(given(data, field)), words)),
});

export const anyDevice = address({ 255: 'all_devices' });

const days = ['holiday', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** The days of a profile, holidays first: fields `days_active_1` and so on, a list in downlinks. */
export const activeDays: NasPart = {
  field: 'days_active',
  read: (from, into) => {
    const bits = readU8(from);
    let place = 0;
    for (let day = 0; day < 8; day++) if (bits & (1 << day)) into[`days_active_${++place}`] = days[day] ?? '';
  },
  write: (out, data) => {
    const list = given(data, 'days_active');
    if (!Array.isArray(list)) throw payloadError('days_active is a list of days');
    let bits = 0;
    for (const day of list) {
      const bit = days.indexOf(String(day));
      if (bit === -1) throw payloadError(`No day "${String(day)}"; known: ${days.join(', ')}`);
      bits |= 1 << bit;
    }
    out.push(bits);
  },
};

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** Time of day in steps of ten minutes, as 05:30. */
export const stepTime: NasPart = {
  field: 'step_time',
  read: (from, into) => {
    const minutes = readU8(from) * 10;
    into.step_time = `${twoDigits(Math.trunc(minutes / 60))}:${twoDigits(minutes % 60)}`;
  },
  write: (out, data) => {
    const [, hours, minutes] = /^(\d{1,2}):([0-5]0)$/.exec(String(given(data, 'step_time'))) ?? [];
    if (hours === undefined) throw payloadError('step_time is a time of day in steps of ten minutes, as 05:30');
    writeInteger(out, Number(hours) * 6 + Number(minutes) / 10, { size: 1, signed: false, littleEndian: true });
  },
};

/** Month and day, as 12/24. */
export const holiday = {
  read: (from: Cursor): string => {
    const month = twoDigits(readU8(from));
    return `${month}/${twoDigits(readU8(from))}`;
  },
  write: (out: Bytes, text: string): void => {
    const [, month = 0, day = 0] = /^(\d{1,2})\/(\d{1,2})$/.exec(text)?.map(Number) ?? [];
    if (month < 1 || month > 12 || day < 1 || day > 31)
      throw payloadError(`holidays are written as 12/24, not "${text}"`);
    out.push(month, day);
  },
};

const fadeTimesS = [0.5, 0.71, 1, 1.41, 2, 2.83, 4, 5.66, 8, 11.31, 16, 22.63, 32, 45.25, 64, 90.51];

/** Seconds from dark to bright in powers of the square root of two, as DALI's fade time (IEC 62386-102, table 6). */
export const fadeDuration = number('fade_duration_s', 'u8', {
  words: {
    ...Object.fromEntries(fadeTimesS.map((seconds, code) => [code, seconds])),
    255: 'ignore',
  },
  wordsFrom: 0,
});

/** Before 2015 the clock of a device had not been set. */
const CLOCK_SET_S = 1_420_070_400;

/** The device's clock in RFC 3339; `words` are moments with a meaning of their own. */
export const clock = (field: string, words: Readonly<Record<number, string>> = {}): NasPart => ({
  field,
  read: (from, into) => {
    const seconds = readU32Le(from);
    const word = words[seconds] ?? (seconds < CLOCK_SET_S ? 'invalid_timestamp' : undefined);
    if (word === 'invalid_timestamp') from.warnings.push(`invalid_timestamp: ${field} has not been set`);
    into[field] = word ?? new Date(seconds * 1000).toISOString();
  },
  write: (out, data) => {
    const value = String(given(data, field));
    const word = Object.keys(words).find((seconds) => words[Number(seconds)] === value);
    const seconds = word === undefined ? Date.parse(value) / 1000 : Number(word);
    if (!Number.isInteger(seconds)) throw payloadError(`${field} is a time such as 2026-03-02T12:00:00Z`);
    writeInteger(out, seconds, { size: 4, signed: false, littleEndian: true });
  },
});

/** Eight flags of a DALI driver (IEC 62386-102, 9.16.1), those of interest per driver with their `channel` ahead. */
export const driverStatus = (channel: string): NasPart => {
  const names = [
    `${channel}_driver_error`,
    `${channel}_lamp_failure`,
    `${channel}_lamp_on`,
    'limit_error',
    'fade_running',
    'reset_state',
    'missing_short_address',
    'power_failure',
  ];
  return {
    field: 'status',
    read: (from, into) => {
      const byte = readU8(from);
      // All bits set: no driver has answered, and the controller reports none of them.
      const bits = byte === 0xff ? 0 : byte;
      for (let bit = 0; bit < 8; bit++) into[names[bit] ?? ''] = (bits & (1 << bit)) !== 0;
    },
    write: notWritten('a driver status'),
  };
};

/** Only devices say this. */
export const notWritten = (what: string) => (): never => {
  throw payloadError(`No device takes ${what}`);
};

/** Drivers that a controller can tell apart here; a luminaire has one to four. */
const DRIVERS = 8;

/**
 * Entries about drivers up to the end of the packet, a record each. The parts of an entry have the name of their
 * channel in their fields: `driver_1` for the first one, `internal` for the controller's own meter (address 255).
 */
export const drivers = (
  field: string,
  entry: (channel: string) => readonly NasPart[],
  { hasMeter = false } = {},
): NasPart => {
  const slots = Array.from({ length: DRIVERS }, (_, index) => entry(`driver_${index + 1}`));
  const internal = entry('internal');
  const spare = entry('spare');
  return {
    field,
    read: (from) => {
      let slot = 0;
      while (remaining(from) > 0) {
        const parts = hasMeter && from.bytes[from.at] === 0xff ? internal : slots[slot++];
        const into = { part_of: field };
        if (parts) from.records.push(into);
        else if (slot === DRIVERS + 1) from.warnings.push(`Of more than ${DRIVERS} drivers those beyond are left out`);
        for (const part of parts ?? spare) part.read(from, into);
      }
    },
    write: notWritten(`${field} in a downlink`),
  };
};
