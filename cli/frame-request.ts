import { HubError } from '../model/errors.ts';
import { type EpochMs, parseRfc3339 } from '../model/time.ts';

/** What `decode`, `codec run` and `profiles guess` read alike. */

export const invalid = (message: string): HubError => new HubError('HUB_REQUEST_INVALID', message);

/** LoRaWAN's largest application payload (RP002-1.0.4, DR of 242 bytes) rounded up to a byte's range. */
const MAX_BYTES = 255;

/** A payload as hexadecimal digits; blanks between them are ignored. Throws HUB_REQUEST_INVALID. */
export const parseHex = (hex: unknown): Uint8Array => {
  if (typeof hex !== 'string') throw invalid('hex is a text of hexadecimal digits: "01755C"');
  const digits = hex.replaceAll(/\s/g, '');
  const wrong = /[^0-9a-f]/i.exec(digits);
  if (wrong) throw invalid(`hex has "${wrong[0]}" at digit ${wrong.index + 1}; write only 0 to 9 and a to f`);
  if (digits.length % 2 !== 0) throw invalid(`hex has ${digits.length} digits; a byte has two, so one is missing`);
  if (digits.length > 2 * MAX_BYTES)
    throw invalid(`hex has ${digits.length / 2} bytes; a LoRaWAN frame carries at most 242`);
  return Uint8Array.fromHex(digits);
};

/** Time of reception; now where none is given. Throws HUB_REQUEST_INVALID. */
export const parseReceivedAt = (time: unknown, now: () => EpochMs): EpochMs => {
  if (time === undefined || time === null) return now();
  const parsed = typeof time === 'string' ? parseRfc3339(time) : undefined;
  if (parsed === undefined)
    throw invalid(`receivedAt ${JSON.stringify(time)} is no time; write "2026-03-02T07:15:31Z"`);
  return parsed;
};

interface JsonOption {
  readonly name: string;
  readonly example: string;
  readonly refuse: (message: string) => never;
}

/** The value of an option that takes JSON. */
export const parseJsonOption = (text: string, { name, example, refuse }: JsonOption): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return refuse(`${name} is no JSON; write '${example}'`);
  }
};
