import type { Codec } from '../../codec.ts';
import { cursorAt, readS16Be, readU8, readU16Be } from '../../formats/byte-reader.ts';
import { batteryLevel, batteryVolts, behind, readProbeTemperature } from '../../formats/dragino-frames.ts';
import type { Fields } from '../../formats/part.ts';

/**
 * dragino/dragino-end-node-decoder, LSE01 1.1.4 and 1.2.1; the battery level as akenza-io/device-type-library derives
 * it. Bit 7 of the last byte says raw readings since 1.2, but devices before it set the bit too: only those with the
 * parameter `rawReadings` are read so.
 */
export const codec: Codec = {
  decodeUplink({ bytes, parameters }) {
    const cursor = cursorAt(bytes);
    const volts = batteryVolts(readU16Be(cursor));
    const fields: Fields = {
      battery_voltage: volts,
      battery_level: batteryLevel(volts, 2.1, 0.009),
      temperature: readProbeTemperature(cursor),
    };
    const flags = bytes[10];
    if (parameters.rawReadings === true && flags !== undefined && (flags & 0x80) !== 0) {
      fields.soil_dielectric_constant = readU16Be(cursor) / 10;
      fields.raw_water_soil = readU16Be(cursor);
      fields.raw_conduct_soil = readU16Be(cursor);
    } else {
      fields.soil_humidity = readU16Be(cursor) / 100;
      fields.soil_temperature = readS16Be(cursor) / 100;
      fields.soil_conductivity = readU16Be(cursor);
    }
    const last = readU8(cursor);
    fields.mod = last >> 7;
    fields.sensor_flag = (last >> 4) & 1;
    fields.interrupt_flag = last & 0x0f;
    return { records: [{ fields }], warnings: behind(cursor) };
  },
};
