/** UCUM codes used in this hub (case sensitive form, https://ucum.org/ucum) and linear conversions between them. */

interface Unit {
  /** Quantity kind: only units of one kind convert into each other. */
  readonly kind: string;
  /** base = value * factor + offset */
  readonly factor: number;
  readonly offset?: number;
  /** What people read. */
  readonly symbol: string;
}

const unit = (kind: string, factor: number, symbol: string, offset = 0): Unit => ({ kind, factor, symbol, offset });

export const units = {
  '1': unit('dimensionless', 1, ''),
  '%': unit('dimensionless', 0.01, '%'),
  '{count}': unit('count', 1, ''),
  nm: unit('length', 1e-9, 'nm'),
  mm: unit('length', 0.001, 'mm'),
  cm: unit('length', 0.01, 'cm'),
  m: unit('length', 1, 'm'),
  km: unit('length', 1000, 'km'),
  '[ft_i]': unit('length', 0.3048, 'ft'),
  '[in_i]': unit('length', 0.0254, 'in'),
  Cel: unit('temperature', 1, '°C', 273.15),
  K: unit('temperature', 1, 'K'),
  '[degF]': unit('temperature', 5 / 9, '°F', 459.67 * (5 / 9)),
  V: unit('voltage', 1, 'V'),
  dV: unit('voltage', 0.1, 'dV'),
  mV: unit('voltage', 0.001, 'mV'),
  uV: unit('voltage', 1e-6, 'µV'),
  Pa: unit('pressure', 1, 'Pa'),
  hPa: unit('pressure', 100, 'hPa'),
  kPa: unit('pressure', 1000, 'kPa'),
  bar: unit('pressure', 100_000, 'bar'),
  'm/s': unit('speed', 1, 'm/s'),
  'cm/s': unit('speed', 0.01, 'cm/s'),
  'km/h': unit('speed', 1 / 3.6, 'km/h'),
  deg: unit('angle', 1, '°'),
  'deg/s': unit('angular-velocity', 1, '°/s'),
  'W/m2': unit('irradiance', 1, 'W/m²'),
  dB: unit('level', 1, 'dB'),
  'dB[mW]': unit('power-level', 1, 'dBm'),
  'dB(A)': unit('sound-level', 1, 'dB(A)'),
  lx: unit('illuminance', 1, 'lx'),
  '[ppm]': unit('dimensionless', 1e-6, 'ppm'),
  '[ppb]': unit('dimensionless', 1e-9, 'ppb'),
  'ug/m3': unit('mass-concentration', 1e-9, 'µg/m³'),
  'mg/m3': unit('mass-concentration', 1e-6, 'mg/m³'),
  'mg/L': unit('mass-concentration', 1e-3, 'mg/L'),
  'g/L': unit('mass-concentration', 1, 'g/L'),
  'uS/cm': unit('conductivity', 1e-4, 'µS/cm'),
  'mS/cm': unit('conductivity', 0.1, 'mS/cm'),
  'mS/m': unit('conductivity', 1e-3, 'mS/m'),
  'dS/m': unit('conductivity', 0.1, 'dS/m'),
  '[NTU]': unit('turbidity', 1, 'NTU'),
  '[FNU]': unit('turbidity-formazin', 1, 'FNU'),
  '[pH]': unit('acidity', 1, 'pH'),
  'm3/m3': unit('dimensionless', 1, 'm³/m³'),
  '/cm3': unit('number-concentration', 1, '1/cm³'),
  A: unit('current', 1, 'A'),
  dA: unit('current', 0.1, 'dA'),
  mA: unit('current', 0.001, 'mA'),
  'A.h': unit('charge', 3600, 'Ah'),
  W: unit('power', 1, 'W'),
  kW: unit('power', 1000, 'kW'),
  'V.A': unit('apparent-power', 1, 'VA'),
  'kV.A': unit('apparent-power', 1000, 'kVA'),
  var: unit('reactive-power', 1, 'var'),
  kvar: unit('reactive-power', 1000, 'kvar'),
  'W.h': unit('energy', 3600, 'Wh'),
  'kW.h': unit('energy', 3_600_000, 'kWh'),
  'MW.h': unit('energy', 3.6e9, 'MWh'),
  J: unit('energy', 1, 'J'),
  MJ: unit('energy', 1e6, 'MJ'),
  GJ: unit('energy', 1e9, 'GJ'),
  'V.A.h': unit('apparent-energy', 1, 'VAh'),
  'kV.A.h': unit('apparent-energy', 1000, 'kVAh'),
  'var.h': unit('reactive-energy', 1, 'varh'),
  'kvar.h': unit('reactive-energy', 1000, 'kvarh'),
  Hz: unit('frequency', 1, 'Hz'),
  L: unit('volume', 0.001, 'L'),
  m3: unit('volume', 1, 'm³'),
  '[gal_us]': unit('volume', 0.003785411784, 'gal'),
  '[cft_i]': unit('volume', 0.028316846592, 'ft³'),
  'L/h': unit('flow', 0.001 / 3600, 'L/h'),
  'L/min': unit('flow', 0.001 / 60, 'L/min'),
  'm3/h': unit('flow', 1 / 3600, 'm³/h'),
  'umol/m2/s': unit('photon-flux', 1, 'µmol/(m²·s)'),
  '[g]': unit('acceleration', 9.80665, 'g'),
  'm[g]': unit('acceleration', 0.00980665, 'mg'),
  'm/s2': unit('acceleration', 1, 'm/s²'),
  Ohm: unit('resistance', 1, 'Ω'),
  kg: unit('mass', 1, 'kg'),
  g: unit('mass', 0.001, 'g'),
  s: unit('time', 1, 's'),
  ms: unit('time', 0.001, 'ms'),
  min: unit('time', 60, 'min'),
  h: unit('time', 3600, 'h'),
  d: unit('time', 86_400, 'd'),
  mo: unit('time', 2_629_800, 'mo'),
  a: unit('time', 31_557_600, 'a'),
} as const satisfies Record<string, Unit>;

export type UnitCode = keyof typeof units;

export const isUnitCode = (code: string): code is UnitCode => Object.hasOwn(units, code);

/** Converts between units of one quantity kind; undefined where the kinds differ. */
export const convert = (value: number, from: UnitCode, to: UnitCode): number | undefined => {
  if (from === to) return value;
  const source: Unit = units[from];
  const target: Unit = units[to];
  if (source.kind !== target.kind) return undefined;
  const ratio = source.factor / target.factor;
  const shift = ((source.offset ?? 0) - (target.offset ?? 0)) / target.factor;
  // Whole-number ratios keep 2116 mm = 2.116 m free of binary noise that a multiplication by 0.001 adds.
  const inverse = Math.round(1 / ratio);
  const scaled = ratio < 1 && Math.abs(1 / ratio - inverse) < 1e-9 ? value / inverse : value * ratio;
  return scaled + shift;
};
