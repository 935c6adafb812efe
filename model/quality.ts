/** Quality flags and tests in the sense of QARTOD (IOOS, Manual for Real-Time Quality Control, flag scheme UNESCO IOC 54:V3). */

export const qualityFlag = { pass: 1, notEvaluated: 2, suspect: 3, fail: 4, missing: 9 } as const;
export type QualityFlag = (typeof qualityFlag)[keyof typeof qualityFlag];

/** Bits of the mask that names the tests which did not pass. */
export const qualityTest = {
  grossRange: 1,
  usualRange: 2,
  spike: 4,
  rateOfChange: 8,
  flatLine: 16,
  /** The device itself reported the value as missing or invalid. */
  sentinel: 32,
  /** The phenomenon time lies after the network's receive time: a clock is wrong. */
  clock: 64,
} as const;
export type QualityTest = keyof typeof qualityTest;

export const failedTests = (mask: number): QualityTest[] =>
  (Object.keys(qualityTest) as QualityTest[]).filter((name) => (mask & qualityTest[name]) !== 0);

const severity: Record<number, number> = { 2: 0, 1: 1, 3: 2, 4: 3, 9: 4 };

/** The worse of two flags; a test that was not evaluated does not outweigh one that was. */
export const worseFlag = (a: QualityFlag, b: QualityFlag): QualityFlag =>
  (severity[a] ?? 0) >= (severity[b] ?? 0) ? a : b;
