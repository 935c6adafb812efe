import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import {
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** From which value on which colour holds; below the first everything is well. */
export type Steps = readonly (readonly [from: number, colour: Colour])[];
export type Colour = 'green' | 'blue' | 'yellow' | 'orange' | 'red' | 'purple' | 'text';

/** Grafana's named colours, which follow its light and dark themes. */
export const thresholds = (steps: Steps, below: Colour = 'green'): cog.Builder<ThresholdsConfig> => {
  const sorted = steps.toSorted(([a], [b]) => a - b);
  const [first] = sorted;
  const lowest = first?.[0] === Number.NEGATIVE_INFINITY ? first[1] : below;
  const rest = sorted.filter(([from]) => from !== Number.NEGATIVE_INFINITY);
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: lowest }, ...rest.map(([value, color]) => ({ value, color }))]);
};

const FROM_THE_BOTTOM = Number.NEGATIVE_INFINITY;

/** Containers: plan the tour from 80 %, go now from 90 %. */
export const fillSteps: Steps = [
  [60, 'yellow'],
  [80, 'orange'],
  [90, 'red'],
];
/**
 * Storm surges at the German Baltic coast by height above the mean water level in metres: light, medium, severe, very
 * severe (BSH, Sturmflutwarnungen Ostsee).
 */
export const surgeLimits = [1, 1.25, 1.5, 2] as const;
export const surgeSteps: Steps = [
  [-1, 'green'],
  [surgeLimits[0], 'yellow'],
  [surgeLimits[1], 'orange'],
  [surgeLimits[2], 'red'],
  [surgeLimits[3], 'purple'],
];
/** Hours after which nothing is expected any more. */
export const STALE_HOURS = 24;
/** Seconds since the last report. */
export const ageSteps: Steps = [
  [3 * 3_600, 'yellow'],
  [STALE_HOURS * 3_600, 'red'],
];
/** Charge in percent: exchange below a tenth, plan it below a quarter. */
export const BATTERY_LOW = 10;
export const batterySteps: Steps = [
  [FROM_THE_BOTTOM, 'red'],
  [BATTERY_LOW, 'orange'],
  [25, 'green'],
];
/** Anything at all is wrong. */
export const noneSteps: Steps = [[1, 'red']];
/** Good from one on. */
export const readySteps: Steps = [
  [FROM_THE_BOTTOM, 'red'],
  [1, 'green'],
];
/** Nothing to be judged. */
export const plainSteps: Steps = [[FROM_THE_BOTTOM, 'blue']];
/**
 * Daily means in µg/m³: guideline of the WHO (2021), and the limit of the European Union from 2030 on (Directive (EU)
 * 2024/2881, annex I).
 */
export const pm25Steps: Steps = [
  [15, 'yellow'],
  [25, 'red'],
];
/** WHO and EU agree on 45 from 2030 on; until then the EU's limit is 50 (Directive 2008/50/EC). */
export const pm10Steps: Steps = [
  [45, 'yellow'],
  [50, 'red'],
];
/** Indoor air: hygienically noticeable from 1,000 ppm, unacceptable from 2,000 ppm (Umweltbundesamt, 2008). */
export const co2Steps: Steps = [
  [1_000, 'yellow'],
  [2_000, 'red'],
];
