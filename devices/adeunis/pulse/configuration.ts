import { type Cursor, readU8, readU16Be, remaining } from '../../formats/byte-reader.ts';
import type { Fields } from '../../formats/part.ts';

const productModes = ['PARK', 'PRODUCTION', 'TEST', 'DEAD'];
const debouncesMs = [0, 1, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** TEST counts the flow's period in 20 s, all other modes in minutes. */
const TEST_MODE = 2;

interface Bits {
  readonly enabled: number;
  readonly gas: number;
  readonly tamper: number;
  readonly debounceShift: number;
}

const channels: Readonly<Record<'a' | 'b', Bits>> = {
  a: { enabled: 0x01, gas: 0x02, tamper: 0x08, debounceShift: 0 },
  b: { enabled: 0x10, gas: 0x20, tamper: 0x80, debounceShift: 4 },
};

/** Frame 0x10. The shorter form of the same device on another network ends before the leak settings. */
export const readConfiguration = (cursor: Cursor, fields: Fields): void => {
  const mode = readU8(cursor);
  fields.product_mode = productModes[mode] ?? `unknown (${mode})`;
  const count = readU16Be(cursor);
  const flags = readU8(cursor);
  const samplingS = readU16Be(cursor) * 2;
  const debounces = readU8(cursor);
  const flowPeriod = readU16Be(cursor);
  fields.number_of_historization_before_sending = count;
  fields.sampling_period = samplingS;
  fields.calculated_sending_period = count * samplingS;
  fields.flow_calculation_period = mode === TEST_MODE ? flowPeriod * 20 : flowPeriod;
  fields.flow_calculation_period_unit = mode === TEST_MODE ? 's' : 'm';
  for (const [name, bits] of Object.entries(channels)) {
    fields[`channel_${name}_state`] = (flags & bits.enabled) !== 0 ? 'enabled' : 'disabled';
    fields[`channel_${name}_type`] = (flags & bits.gas) !== 0 ? 'gasPullUpOn' : 'otherPullUpOff';
    fields[`channel_${name}_debouncing_period`] = debouncesMs[(debounces >> bits.debounceShift) & 0x0f] ?? 0;
    fields[`channel_${name}_tamper_activated`] = (flags & bits.tamper) !== 0;
  }
  if (remaining(cursor) > 0) readLeakSettings(cursor, fields);
};

const readLeakSettings = (cursor: Cursor, fields: Fields): void => {
  readLeakThresholds(cursor, fields);
  readLeakPeriods(cursor, fields);
  fields.redundant_samples = readU8(cursor);
};

/** Frame 0x11, and the same numbers within 0x10. */
export const readLeakThresholds = (cursor: Cursor, fields: Fields): void => {
  for (const name of ['a', 'b']) fields[`channel_${name}_overflow_alarm_trigger_threshold`] = readU16Be(cursor);
  for (const name of ['a', 'b']) fields[`channel_${name}_leakage_threshold`] = readU16Be(cursor);
};

/** Frame 0x12, and the same numbers within 0x10. */
export const readLeakPeriods = (cursor: Cursor, fields: Fields): void => {
  for (const name of ['a', 'b']) {
    fields[`channel_${name}_daily_periods_below_which_leakage_alarm_triggered`] = readU16Be(cursor);
  }
  for (const name of ['a', 'b']) {
    fields[`channel_${name}_sample_period_for_detection`] = readU8(cursor) * 10;
    fields[`channel_${name}_tamper_threshold`] = readU8(cursor);
  }
};
