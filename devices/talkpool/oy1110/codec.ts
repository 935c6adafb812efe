import type { Codec, DecodedRecord } from '../../codec.ts';
import { cursorAt, payloadError, readU8, remaining } from '../../formats/byte-reader.ts';
import type { Fields } from '../../formats/part.ts';
import { readTalkpoolClimate } from '../../formats/talkpool.ts';

// fPort 1 says that the device has started, 2 brings a measurement, 3 several behind the minutes between them, the
// latest first. After types/talkpool/oy1110 of akenza-io/device-type-library.

const STARTED = '012000';
const DEFAULT_INTERVAL_MIN = 15;
const CLIMATE_SIZE = 3;
const MINUTE = 60_000;

export const codec: Codec = {
  decodeUplink({ fPort, bytes, receivedAt }) {
    if (bytes.length === 0) throw payloadError('The frame is empty');
    if (fPort === 1) {
      const message = bytes.toHex() === STARTED ? 'STARTUP_OK' : 'STARTUP_FAIL';
      return { records: [{ fields: { message } }], warnings: [] };
    }
    const cursor = cursorAt(bytes);
    const interval = fPort === 3 ? readU8(cursor) : DEFAULT_INTERVAL_MIN;
    if (remaining(cursor) === 0 || remaining(cursor) % CLIMATE_SIZE !== 0) {
      throw payloadError(`${remaining(cursor)} bytes are no whole number of measurements`);
    }
    const records: DecodedRecord[] = [];
    while (remaining(cursor) > 0) {
      const fields: Fields = {};
      readTalkpoolClimate(cursor, fields);
      const age = records.length * interval * MINUTE;
      records.push(age > 0 ? { time: receivedAt - age, fields } : { fields });
    }
    return { records, warnings: [] };
  },
};
