import type { UplinkEncoder } from '../../codec.ts';
import { payloadError } from '../../formats/byte-reader.ts';
import { type Bytes, writeBcd, writeInteger } from '../../formats/byte-writer.ts';

const media: Readonly<Record<string, number>> = { GAS: 3, WARM_WATER: 6, WATER: 7 };
/** EN 13757-3: volume in steps of a litre. */
const VIF_LITRE = 0x13;
const PROTOCOL = 2;

const little = (size: number) => ({ size, signed: false, littleEndian: true });

const bits = (fields: Parameters<UplinkEncoder['encodeUplink']>[0], masks: Readonly<Record<string, number>>): number =>
  Object.entries(masks).reduce((sum, [field, mask]) => (fields[field] === true ? sum | mask : sum), 0);

/** A reading in litres under protocol 2, without checksum; no reading is an application error. */
export const encoder: UplinkEncoder = {
  encodeUplink(fields) {
    const medium = media[String(fields.meter_medium)];
    if (medium === undefined)
      throw payloadError(`meter_medium has no state "${fields.meter_medium}"; known: ${Object.keys(media).join(', ')}`);
    const out: Bytes = [PROTOCOL];
    writeInteger(out, Number(fields.manufacturer_id), little(2));
    writeBcd(out, Number(fields.meter_id), 4);
    const noReading = fields.volume === null;
    out.push(medium, (noReading ? 2 : 0) | bits(fields, { battery_power_low: 0x04, permant_error: 0x08 }));
    writeInteger(out, Number(fields.actuality_duration), little(2));
    out.push(VIF_LITRE);
    writeInteger(out, noReading ? 0 : Math.round(Number(fields.volume) * 1000), little(4));
    out.push(
      bits(fields, { continuous_flow: 0x02, broken_pipe: 0x08, battery_low: 0x20, backflow: 0x40, no_usage: 0x80 }),
    );
    const halfYears = Math.floor(Number(fields.battery_remaining_months) / 6);
    writeInteger(out, (halfYears << 3) | bits(fields, { lora_link_error: 0x04 }), little(1));
    return { fPort: 1, bytes: Uint8Array.from(out) };
  },
};
