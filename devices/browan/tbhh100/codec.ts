import type { Codec } from '../../codec.ts';
import { payloadError } from '../../formats/byte-reader.ts';
import type { Fields } from '../../formats/part.ts';

// The fPort tells the message; little endian. After vendors/browan of chirpstack/chirpstack-device-profiles, and the
// maker's layout of the sister models, where the humidity has seven bits and 127 says that it could not be measured.

const HUMIDITY_FAILED = 127;

const measurement = (bytes: Uint8Array): Fields => {
  const [status = 0, battery = 0, temperature = 0, humidity = 0] = bytes;
  const percent = humidity & 127;
  return {
    battery_volt: (25 + (battery & 15)) / 10,
    temperature: (temperature & 127) - 32,
    humidity: percent === HUMIDITY_FAILED ? null : percent,
    thh_type: (status >> 4) & 1,
    temperature_changed: (status & 32) !== 0,
    humidity_changed: (status & 64) !== 0,
  };
};

const word = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);

const settings = (bytes: Uint8Array): Fields => ({
  thh_keepalive: word(bytes, 1),
  thh_monitor: word(bytes, 4),
  thh_temptrig: bytes[7] ?? null,
  thh_rhtrig: bytes[9] ?? null,
});

const lowFirstHex = (bytes: Uint8Array, at: number): string =>
  bytes
    .slice(at, at + 4)
    .toReversed()
    .toHex();

const versions = (bytes: Uint8Array): Fields => ({
  bootloader: lowFirstHex(bytes, 1),
  hw_id: lowFirstHex(bytes, 5),
  fw_crc: lowFirstHex(bytes, 9),
});

const messages: Readonly<Record<number, { readonly size: number; readonly read: (bytes: Uint8Array) => Fields }>> = {
  103: { size: 8, read: measurement },
  204: { size: 12, read: settings },
  222: { size: 17, read: versions },
};

export const codec: Codec = {
  decodeUplink({ fPort, bytes }) {
    const message = messages[fPort];
    if (!message) throw payloadError(`Nothing is known of fPort ${fPort}`);
    const { size, read } = message;
    if (bytes.length !== size) throw payloadError(`A frame of fPort ${fPort} has ${size} bytes, not ${bytes.length}`);
    return { records: [{ fields: read(bytes) }], warnings: [] };
  },
};
