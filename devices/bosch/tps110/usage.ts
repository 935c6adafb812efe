import { type Cursor, payloadError, readBytes, readU8 } from '../../formats/byte-reader.ts';
import { type Fields, type Part, readPart } from '../../formats/part.ts';

const counter = (field: string, type: 'u8' | 'u16' | 'u32' = 'u32'): Part => ({ field, type });

/** Answers of fPort 5 by the number of the request; the field names are the source's kinds of usage. */
const usages: Readonly<Record<number, readonly [string, readonly Part[]]>> = {
  0: ['NR_OF_STATE_CHANGES', [counter('usage_value')]],
  1: ['TIME_IN_OCCUPIED_STATE', [counter('usage_value')]],
  3: ['NR_OF_RADAR_TRIGGERS', [counter('usage_value')]],
  4: ['TIME_RUNNING_SINCE_RESTART', [counter('usage_value')]],
  5: [
    'NR_OF_RESETS_SINCE_INSTALL',
    [
      counter('brown_out', 'u8'),
      counter('lockup', 'u8'),
      counter('ext_pin', 'u8'),
      counter('power_on', 'u8'),
      counter('watchdog', 'u8'),
      counter('software_requested', 'u16'),
    ],
  ],
  6: ['TIME_RUNNING_SINCE_INSTALL', [counter('usage_value')]],
};

const UPLINKS_SENT = 2;
const DATA_RATES = 6;

/** What the device counts of itself, on request. */
export const usage = (cursor: Cursor): Fields => {
  const request = readU8(cursor);
  const fields: Fields = { type: 'device usage' };
  if (request === UPLINKS_SENT) {
    fields.usage_type = 'NR_OF_UPLINKS_SENT';
    for (let rate = 0; rate < DATA_RATES; rate++) {
      const [high = 0, middle = 0, low = 0] = readBytes(cursor, 3);
      fields[`dr${rate}`] = (high << 16) | (middle << 8) | low;
    }
    return fields;
  }
  const known = usages[request];
  if (!known) throw payloadError(`Usage request ${request} is not known`);
  const [name, parts] = known;
  fields.usage_type = name;
  for (const part of parts) readPart(cursor, part, fields);
  return fields;
};
