import type { DownlinkEncoder } from '../codec.ts';
import { payloadError } from './byte-reader.ts';
import { type Bytes, writeInteger } from './byte-writer.ts';

/**
 * Downlinks that every Decentlab model understands (decentlab/decentlab-decoders): u16 command, u16 parameter, CRC-16/MODBUS of
 * both, big endian. A command with ` + save` also stores the setting.
 */
const FPORT = 1;

/** Commands in pairs: the second of a pair is the first, and saves. */
const pairs: readonly (readonly [code: number, name: string, takesParameter: boolean])[] = [
  [0x0001, 'set period', true],
  [0x0003, 'set dr', true],
  [0x0005, 'set adr on', false],
  [0x0007, 'set adr off', false],
  [0x0009, 'set dr_min', true],
  [0x000b, 'set dr_max', true],
  [0x000d, 'set pwridx_min', true],
  [0x000f, 'set pwridx_max', true],
  [0x0011, 'set send_period', true],
  [0x0013, 'set join_period', true],
  [0x0015, 'set pwridx', true],
  [0x0017, 'set linkcheck_period', true],
  [0x0019, 'set linkcheck_tolerance', true],
  [0x001b, 'set linkcheck_limit', true],
  [0x001d, 'set port', true],
];

interface Command {
  readonly code: number;
  readonly takesParameter: boolean;
}

const commands = new Map<string, Command>();
for (const [code, name, takesParameter] of pairs) {
  commands.set(name, { code, takesParameter });
  commands.set(`${name} + save`, { code: code + 1, takesParameter });
}
for (let index = 0; index < 16; index++) {
  commands.set(`set param ${index}`, { code: 0x20 + index, takesParameter: true });
  commands.set(`set param ${index} + save`, { code: 0x30 + index, takesParameter: true });
}
for (let index = 0; index < 10; index++) {
  commands.set(`set sensor_period ${index}`, { code: 0x50 + index, takesParameter: true });
  commands.set(`set sensor_period ${index} + save`, { code: 0x60 + index, takesParameter: true });
}
commands.set('reset', { code: 0xfefe, takesParameter: false });
commands.set('factory reset', { code: 0xfef0, takesParameter: false });
commands.set('sleep', { code: 0xfef1, takesParameter: false });

const names = [...commands.keys()].filter((name) => !name.endsWith(' + save')).join(', ');

/** CRC-16/MODBUS: polynomial 0x8005 reflected, initial value 0xffff. */
const crc16 = (bytes: readonly number[]): number => {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
};

const u16 = { size: 2, signed: false, littleEndian: false } as const;

/** `{"command":"set period + save","parameter":600}`. Throws HUB_CODEC_PAYLOAD for an unknown command or a parameter out of range. */
export const decentlabDownlinks: DownlinkEncoder = {
  encodeDownlink({ command, parameter }) {
    const known = commands.get(String(command));
    if (!known)
      throw payloadError(`No command "${String(command)}"; known: ${names}, most of them also with " + save"`);
    const value = known.takesParameter ? parameter : 0;
    if (typeof value !== 'number')
      throw payloadError(`The command "${String(command)}" takes a whole number as parameter`);
    const out: Bytes = [];
    writeInteger(out, known.code, u16);
    writeInteger(out, value, u16);
    writeInteger(out, crc16(out), u16);
    return { fPort: FPORT, bytes: Uint8Array.from(out) };
  },
};
