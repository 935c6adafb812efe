import { type Cursor, readBytes } from './byte-reader.ts';
import type { Fields } from './part.ts';

/**
 * Temperature and humidity as Talkpool packs them: twelve bits each, their high bytes first, their low nibbles in the
 * third byte; tenths above -80 Cel and -25 %.
 */
export const readTalkpoolClimate = (cursor: Cursor, fields: Fields): void => {
  const [temperature = 0, humidity = 0, low = 0] = readBytes(cursor, 3);
  fields.temperature = ((temperature << 4) + (low >> 4) - 800) / 10;
  fields.humidity = ((humidity << 4) + (low & 15) - 250) / 10;
};
