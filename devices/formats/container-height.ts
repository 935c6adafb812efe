import type { Parameters } from '../codec.ts';

/**
 * Fill level in whole percent of a container `containerHeight` cm high, whose full mark lies `installationOffset` cm
 * below the sensor; undefined without the parameter. Kept between 0 and 100.
 */
export const fillLevelOf = (distanceCm: number | null, parameters: Parameters): number | undefined => {
  const height = Number(parameters.containerHeight ?? Number.NaN);
  const offset = Number(parameters.installationOffset ?? 0);
  if (distanceCm === null || !(height > 0) || !Number.isFinite(offset)) return undefined;
  const percent = Math.round((100 * (height - (distanceCm - offset))) / height);
  return Math.min(Math.max(percent, 0), 100);
};
