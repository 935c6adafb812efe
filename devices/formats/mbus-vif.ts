/** What the value information of an M-Bus record says (EN 13757-3:2018, tables 10 to 14). */
export interface MbusMeaning {
  /** snake_case after the standard's words: energy, volume, flow_temperature. */
  readonly quantity: string;
  /** UCUM; absent for plain numbers, texts and flags. */
  readonly unit?: string;
  /** value = raw * 10^exponent */
  readonly exponent: number;
  readonly kind: 'number' | 'date' | 'date_time' | 'flags';
}

const meaning = (quantity: string, unit?: string, exponent = 0, kind: MbusMeaning['kind'] = 'number'): MbusMeaning => ({
  quantity,
  ...(unit !== undefined && { unit }),
  exponent,
  kind,
});

type Table = readonly (MbusMeaning | undefined)[];

const tableOf = (entries: readonly (readonly [first: number, meanings: readonly MbusMeaning[]])[]): Table => {
  const table = Array.from({ length: 128 }, (): MbusMeaning | undefined => undefined);
  for (const [first, meanings] of entries)
    for (const [index, entry] of meanings.entries()) table[first + index] = entry;
  return table;
};

/** `count` codes in a row, each ten times the one before. */
const decades = (quantity: string, unit: string, lowest: number, count = 8): readonly MbusMeaning[] =>
  Array.from({ length: count }, (_, index) => meaning(quantity, unit, lowest + index));

const durations = (quantity: string, ...units: readonly string[]): readonly MbusMeaning[] =>
  units.map((unit) => meaning(quantity, unit));

const plain = (...quantities: readonly string[]): readonly MbusMeaning[] => quantities.map((name) => meaning(name));

const primary = tableOf([
  [0x00, decades('energy', 'W.h', -3)],
  [0x08, decades('energy', 'J', 0)],
  [0x10, decades('volume', 'm3', -6)],
  [0x18, decades('mass', 'kg', -3)],
  [0x20, durations('on_time', 's', 'min', 'h', 'd')],
  [0x24, durations('operating_time', 's', 'min', 'h', 'd')],
  [0x28, decades('power', 'W', -3)],
  [0x30, decades('power', 'J/h', 0)],
  [0x38, decades('volume_flow', 'm3/h', -6)],
  [0x40, decades('volume_flow', 'm3/min', -7)],
  [0x48, decades('volume_flow', 'm3/s', -9)],
  [0x50, decades('mass_flow', 'kg/h', -3)],
  [0x58, decades('flow_temperature', 'Cel', -3, 4)],
  [0x5c, decades('return_temperature', 'Cel', -3, 4)],
  [0x60, decades('temperature_difference', 'K', -3, 4)],
  [0x64, decades('external_temperature', 'Cel', -3, 4)],
  [0x68, decades('pressure', 'bar', -3, 4)],
  [0x6c, [meaning('time_point', undefined, 0, 'date'), meaning('time_point', undefined, 0, 'date_time')]],
  [0x6e, plain('heat_cost_units')],
  [0x70, durations('averaging_duration', 's', 'min', 'h', 'd')],
  [0x74, durations('actuality_duration', 's', 'min', 'h', 'd')],
  [0x78, plain('fabrication_number', 'enhanced_identification', 'bus_address')],
]);

/** Behind FD. */
const secondary = tableOf([
  [0x00, decades('credit', '{currency}', -3, 4)],
  [0x04, decades('debit', '{currency}', -3, 4)],
  [0x08, plain('access_number', 'medium', 'manufacturer', 'parameter_set')],
  [0x0c, plain('model_version', 'hardware_version', 'firmware_version', 'software_version')],
  [0x10, plain('customer_location', 'customer', 'access_code_user', 'access_code_operator')],
  [0x14, plain('access_code_system_operator', 'access_code_developer', 'password')],
  [0x17, [meaning('error_flags', undefined, 0, 'flags'), meaning('error_mask', undefined, 0, 'flags')]],
  [0x1a, [meaning('digital_output', undefined, 0, 'flags'), meaning('digital_input', undefined, 0, 'flags')]],
  [0x1c, plain('baud_rate', 'response_delay', 'retries')],
  [0x20, plain('first_storage_number', 'last_storage_number', 'storage_block_size')],
  [0x24, durations('storage_interval', 's', 'min', 'h', 'd', 'mo', 'a')],
  [0x2c, durations('duration_since_readout', 's', 'min', 'h', 'd')],
  [0x30, [meaning('start_of_tariff', undefined, 0, 'date_time')]],
  [0x31, durations('duration_of_tariff', 'min', 'h', 'd')],
  [0x34, durations('period_of_tariff', 's', 'min', 'h', 'd', 'mo', 'a')],
  [0x3a, plain('dimensionless')],
  [0x40, decades('voltage', 'V', -9, 16)],
  [0x50, decades('current', 'A', -12, 16)],
  [0x60, plain('reset_counter', 'cumulation_counter', 'control_signal', 'day_of_week', 'week_number')],
  [0x65, plain('time_point_of_day_change', 'state_of_parameter_activation', 'supplier_information')],
  [0x68, durations('duration_since_cumulation', 'h', 'd', 'mo', 'a')],
  [0x6c, durations('battery_operating_time', 'h', 'd', 'mo', 'a')],
  [0x70, [meaning('battery_change', undefined, 0, 'date_time'), meaning('signal_strength', 'dB[mW]')]],
  [0x74, [meaning('battery_life', 'd'), ...plain('meter_stops')]],
]);

/** Behind FB. */
const alternative = tableOf([
  [0x00, decades('energy', 'MW.h', -1, 2)],
  [0x08, decades('energy', 'GJ', -1, 2)],
  [0x10, decades('volume', 'm3', 2, 2)],
  [0x18, decades('mass', 't', 2, 2)],
  [0x1a, decades('relative_humidity', '%', -1, 2)],
  [0x21, decades('volume', '[cft_i]', -1, 1)],
  [0x22, decades('volume', '[gal_us]', -1, 2)],
  [0x24, decades('volume_flow', '[gal_us]/min', -3, 1)],
  [0x25, [meaning('volume_flow', '[gal_us]/min'), meaning('volume_flow', '[gal_us]/h')]],
  [0x28, decades('power', 'MW', -1, 2)],
  [0x30, decades('power', 'GJ/h', -1, 2)],
  [0x58, decades('flow_temperature', '[degF]', -3, 4)],
  [0x5c, decades('return_temperature', '[degF]', -3, 4)],
  [0x60, decades('temperature_difference', '[degF]', -3, 4)],
  [0x64, decades('external_temperature', '[degF]', -3, 4)],
  [0x70, decades('temperature_limit', '[degF]', -3, 4)],
  [0x74, decades('temperature_limit', 'Cel', -3, 4)],
  [0x78, decades('maximum_power_count', 'W', -3)],
]);

const unknown = plain('unknown')[0] as MbusMeaning;
const manufacturerSpecific = plain('manufacturer_specific')[0] as MbusMeaning;

export interface VifMeaning {
  readonly meaning: MbusMeaning;
  /** What comes behind the codes that give the meaning. */
  readonly extensions: readonly number[];
}

const none: readonly number[] = [];

/** Worked out once: most VIFs have no extensions. */
const plainMeanings = (table: Table): readonly VifMeaning[] =>
  table.map((meaning = unknown) => ({ meaning, extensions: none }));

const plainPrimary = plainMeanings(primary.with(0x7f, manufacturerSpecific));
const plainSecondary = plainMeanings(secondary);
const plainAlternative = plainMeanings(alternative);

const tail = (plainMeaning: VifMeaning | undefined, vif: readonly number[], from: number): VifMeaning => {
  const { meaning } = plainMeaning ?? { meaning: unknown };
  if (vif.length === from || meaning === manufacturerSpecific) return plainMeaning ?? { meaning, extensions: none };
  return { meaning, extensions: vif.slice(from) };
};

/** Meaning of a VIF with its extensions. */
export const meaningOf = (vif: readonly number[]): VifMeaning => {
  const [first = 0x7f, second = 0] = vif;
  if (first === 0xfd) return tail(plainSecondary[second & 0x7f], vif, 2);
  if (first === 0xfb) return tail(plainAlternative[second & 0x7f], vif, 2);
  return tail(plainPrimary[first & 0x7f], vif, 1);
};

/** What an extension adds: a power of ten, or a restriction of what is counted. */
export const extensionOf = (code: number): { exponent: number; name?: string } => {
  const low = code & 0x7f;
  if (low >= 0x70 && low <= 0x77) return { exponent: (low & 7) - 6 };
  if (low === 0x7d) return { exponent: 3 };
  if (low === 0x3a) return { exponent: 0, name: 'uncorrected' };
  if (low === 0x3b) return { exponent: 0, name: 'positive_only' };
  if (low === 0x3c) return { exponent: 0, name: 'negative_only' };
  return { exponent: 0, name: `extension_${low.toString(16).padStart(2, '0')}` };
};
