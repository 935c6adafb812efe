import type { Derivation } from './mounting.ts';

/**
 * Volts of one cell against its charge in percent, falling. Only chemistries whose voltage tells: a lithium thionyl
 * chloride cell (Li-SOCl2) stays at 3.6 V until shortly before its end, so that a percentage of it would be invented.
 */
const curves = {
  /** Zinc manganese dioxide at a small load; points of the discharge curve in common firmware, down to the 0.8 V of IEC 60086-2. */
  alkaline: [
    [1.5, 100],
    [1.44, 95],
    [1.37, 80],
    [1.27, 60],
    [1.17, 40],
    [1.08, 20],
    [0.93, 10],
    [0.8, 0],
  ],
  /** Lithium cobalt or nickel cells of nominal 3.7 V at rest. */
  'lithium-ion': [
    [4.2, 100],
    [4.06, 90],
    [3.98, 80],
    [3.92, 70],
    [3.87, 60],
    [3.82, 50],
    [3.79, 40],
    [3.77, 30],
    [3.74, 20],
    [3.68, 10],
    [3.45, 5],
    [3, 0],
  ],
} as const satisfies Record<string, readonly (readonly [volts: number, percent: number])[]>;

export type BatteryChemistry = keyof typeof curves;
export const batteryChemistries = Object.keys(curves) as [BatteryChemistry, ...BatteryChemistry[]];

/** Charge in percent of cells in series, by straight lines between the points of the chemistry's curve. */
export const batteryLevel = (volts: number, chemistry: BatteryChemistry, cells: number): number => {
  const curve: readonly (readonly [number, number])[] = curves[chemistry];
  const each = volts / cells;
  const below = curve.findIndex(([point]) => each >= point);
  if (below === 0) return 100;
  const [upper, lower] = [curve[below - 1], curve[below]];
  if (!upper || !lower) return 0;
  return Math.round(lower[1] + ((each - lower[0]) / (upper[0] - lower[0])) * (upper[1] - lower[1]));
};

/** What a profile says of its device's battery. */
export interface Battery {
  readonly chemistry: BatteryChemistry;
  /** In series. */
  readonly cells: number;
}

const none: readonly Derivation[] = [];
const compiled = new WeakMap<Battery, readonly Derivation[]>();

/** The level that follows from a profile's volts, where its `battery` names a chemistry that can tell. */
export const batteryDerivations = (battery: Battery | undefined): readonly Derivation[] => {
  if (!battery) return none;
  let derivations = compiled.get(battery);
  if (!derivations) {
    const { chemistry, cells } = battery;
    derivations = [
      { from: 'battery_voltage', to: 'battery_level', derive: (volts) => batteryLevel(volts, chemistry, cells) },
    ];
    compiled.set(battery, derivations);
  }
  return derivations;
};
