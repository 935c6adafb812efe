import { type ComputedBlock, computed } from './decentlab-v2.ts';

/** Polynomial of METER's TEROS 11/12 manual for the apparent permittivity; the raw reading comes in tenths. */
const permittivityOf = (raw: number): number => {
  const counts = raw / 10;
  return (0.000000002887 * counts ** 3 - 0.0000208 * counts ** 2 + 0.05276 * counts - 43.39) ** 2;
};

/** The same manual's line for mineral soil, in m³/m³. */
const waterContentOf = (raw: number): number => (raw / 10) * 0.0003879 - 0.6956;

const teros = [
  computed('dielectric_permittivity', ([raw = 0]) => permittivityOf(raw)),
  computed('volumetric_water_content', ([raw = 0]) => waterContentOf(raw)),
  computed('soil_temperature', ([, raw = 0]) => (raw - 32768) / 10),
];

/** Water content and temperature. */
export const teros11: ComputedBlock = { size: 2, values: teros };

/** With the bulk conductivity in µS/cm behind them. */
export const teros12: ComputedBlock = {
  size: 3,
  values: [...teros, computed('electrical_conductivity', ([, , raw = 0]) => raw)],
};
