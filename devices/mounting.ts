import { units } from '../model/units.ts';
import type { Parameters } from './codec.ts';

/** A quantity that follows from a reading and from how the sensor hangs. */
interface MountingRule {
  /** Observed property that is read, and the one that follows. Values are in their properties' units. */
  readonly from: string;
  readonly to: string;
  /** Parameters of the deployment (or the device) that it takes. */
  readonly needs: readonly string[];
  /** What is wrong with the parameters, if anything. */
  readonly fault?: (numbers: readonly number[]) => string | undefined;
  readonly derive: (reading: number, numbers: readonly number[]) => number;
}

/**
 * Fill level in % from the distance (mm) to the surface: `emptyDistanceMm` to the container's floor, `fullDistanceMm`
 * where it counts as full. Fuller than full is full, and down to 5 % below empty is the noise of an empty floor;
 * farther down says that the mounting is wrong, and is left for the range test to fail.
 */
export const fillLevel = (distanceMm: number, emptyDistanceMm: number, fullDistanceMm: number): number => {
  const percent = (100 * (emptyDistanceMm - distanceMm)) / (emptyDistanceMm - fullDistanceMm);
  if (percent > 100) return 100;
  return percent < 0 && percent >= -5 ? 0 : percent;
};

/** Water level in m above the datum from the distance (mm) to the surface and the sensor's height (m) above it. */
export const waterLevel = (distanceMm: number, sensorHeightM: number): number =>
  sensorHeightM - distanceMm * units.mm.factor;

const rules: readonly MountingRule[] = [
  {
    from: 'distance',
    to: 'fill_level',
    needs: ['emptyDistanceMm', 'fullDistanceMm'],
    fault: ([empty = 0, full = 0]) =>
      empty > full ? undefined : `emptyDistanceMm (${empty}) must be larger than fullDistanceMm (${full})`,
    derive: (distance, [empty = 0, full = 0]) => fillLevel(distance, empty, full),
  },
  {
    from: 'distance',
    to: 'water_level',
    needs: ['sensorHeightM'],
    derive: (distance, [height = 0]) => waterLevel(distance, height),
  },
];

/** A rule with the parameters of one device. */
export interface Derivation {
  readonly from: string;
  readonly to: string;
  readonly derive: (reading: number) => number;
}

export interface Mounting {
  readonly derivations: readonly Derivation[];
  readonly warnings: readonly string[];
}

const none: Mounting = { derivations: [], warnings: [] };

/** Which quantities follow from these parameters; parameters that do not fit become warnings. */
export const mountingOf = (parameters: Parameters): Mounting => {
  if (!rules.some(({ needs }) => needs.some((name) => parameters[name] !== undefined))) return none;
  const derivations: Derivation[] = [];
  const warnings: string[] = [];
  for (const { from, to, needs, fault, derive } of rules) {
    if (!needs.every((name) => parameters[name] !== undefined)) continue;
    const numbers = needs.map((name) => Number(parameters[name]));
    const wrong = numbers.every(Number.isFinite) ? fault?.(numbers) : `${needs.join(', ')} must be numbers`;
    if (wrong === undefined) derivations.push({ from, to, derive: (reading) => derive(reading, numbers) });
    else warnings.push(`No ${to}: ${wrong}`);
  }
  return { derivations, warnings };
};
