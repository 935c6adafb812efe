/** Functions of numbers (OGC 18-088 §9.3.3.5.2, URL Conventions §5.1.1.5). What is no number has the answer null. */

const ofNumber =
  (answer: (number: number) => number) =>
  (value: unknown): number | null =>
    typeof value === 'number' ? answer(value) : null;

/** Halves go away from zero: 0.5 to 1 and -0.5 to -1. */
const round = (number: number): number => {
  const size = Math.abs(number);
  const whole = Math.floor(size);
  return Math.sign(number) * (size - whole >= 0.5 ? whole + 1 : whole);
};

export const numberFunctions = {
  round: ofNumber(round),
  floor: ofNumber(Math.floor),
  ceiling: ofNumber(Math.ceil),
};
