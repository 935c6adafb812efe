import type { Codec } from '../../codec.ts';
import { cursorAt, readU8, readU16Be, readU32Be } from '../../formats/byte-reader.ts';
import { capacitorVoltage, checkPacket, temperature } from '../../formats/vutility-scalars.ts';

/** A clamp that feeds itself from the current that it measures: tenths of amperes, extremes in percent of the mean. */
export const codec: Codec = {
  decodeUplink({ bytes }) {
    checkPacket(bytes, 50);
    const cursor = cursorAt(bytes, 1);
    const charge = readU32Be(cursor);
    const average = readU16Be(cursor);
    const [above, below] = [readU8(cursor), readU8(cursor)];
    const voltage = capacitorVoltage(readU8(cursor));
    const warnings = [
      ...(average * (100 - below) < 0 ? ['Minimum amps is less than 0.'] : []),
      ...(voltage < 3.4 ? ['Low capacitor voltage may reduce transmit interval.'] : []),
    ];
    const fields = {
      amp_hour_accumulation: charge / 10,
      average_amps: average / 10,
      maximum_amps: (average * (100 + above)) / 1000,
      minimum_amps: (average * (100 - below)) / 1000,
      capacitor_voltage: voltage,
      temperature_celsius: temperature(readU8(cursor)),
    };
    return { records: [{ fields }], warnings };
  },
};
