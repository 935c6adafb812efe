import type { Codec, DecodedRecord } from '../../codec.ts';
import { milesightCodec } from '../../formats/milesight-tlv.ts';
import { format } from './format.ts';

const frames = milesightCodec(format);

/** An address of ones says that the scan found nothing in time. */
const scanned = ({ time, fields }: DecodedRecord): DecodedRecord => {
  if (fields.wifi_mac === undefined) return time === undefined ? { fields } : { time, fields };
  const found = fields.wifi_mac !== 'ff:ff:ff:ff:ff:ff';
  return { fields: found ? { wifi_scan_result: 'finish', ...fields } : { wifi_scan_result: 'timeout' } };
};

export const codec: Codec = {
  decodeUplink(input) {
    const result = frames.decodeUplink(input);
    return 'errors' in result ? result : { ...result, records: result.records.map(scanned) };
  },
};
