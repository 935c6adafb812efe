import type { Observation } from '../model/observation.ts';
import { observedProperties, type QualityLimits } from '../model/observed-properties.ts';
import { type QualityFlag, qualityFlag, qualityTest, worseFlag } from '../model/quality.ts';
import { HOUR } from '../model/time.ts';
import type { Derivation, Derived } from '../store/derivation.ts';
import type { ObservationReader } from '../store/observations.ts';

/** Neighbours further apart than this say nothing about each other. */
const MAX_GAP = 6 * HOUR;
/** A window's verdicts reach far beyond it, so short windows would only repeat the same reading. */
const WINDOW = 6 * HOUR;

type Verdict = { readonly flag: QualityFlag; readonly tests: number };

const NEIGHBOUR_TESTS = qualityTest.spike | qualityTest.rateOfChange | qualityTest.flatLine;

/** A value that may serve as a neighbour: missing ones and those out of range do not. */
const isUsable = ({ value, tests }: Observation): boolean => value !== null && (tests & qualityTest.grossRange) === 0;

/**
 * QARTOD spike test: deviation from the line between both neighbours, which respects uneven spacing. Thresholds are the
 * property's (low = suspect, high = fail).
 */
const spikeTest = (
  previous: Observation,
  current: Observation,
  next: Observation,
  limits: QualityLimits,
): QualityFlag => {
  const { spike } = limits;
  const span = next.phenomenonTime - previous.phenomenonTime;
  if (!spike || span <= 0 || span > 2 * MAX_GAP) return qualityFlag.notEvaluated;
  const before = previous.value as number;
  const share = (current.phenomenonTime - previous.phenomenonTime) / span;
  const expected = before + ((next.value as number) - before) * share;
  const deviation = Math.abs((current.value as number) - expected);
  // A spike stands out from both neighbours on the same side; a step or a slope does not.
  const sameSide = ((current.value as number) - before) * ((current.value as number) - (next.value as number)) > 0;
  if (!sameSide || deviation <= spike.suspect) return qualityFlag.pass;
  return deviation > spike.fail ? qualityFlag.fail : qualityFlag.suspect;
};

/** QARTOD rate of change test, per hour of the real distance to the previous value. */
const rateTest = (previous: Observation, current: Observation, limits: QualityLimits): QualityFlag => {
  const gap = current.phenomenonTime - previous.phenomenonTime;
  if (limits.ratePerHour === undefined || gap <= 0 || gap > MAX_GAP) return qualityFlag.notEvaluated;
  const change = Math.abs((current.value as number) - (previous.value as number));
  // Values a minute apart must not fail by their resolution alone: at least five minutes' change is allowed.
  const allowed = limits.ratePerHour * Math.max(gap / HOUR, 1 / 12);
  return change > allowed ? qualityFlag.suspect : qualityFlag.pass;
};

/** For how long the values before the current one have lain within the tolerance of it; at `enoughMs` it stops looking. */
const unchangedFor = (
  values: readonly Observation[],
  index: number,
  { tolerance, enoughMs }: { readonly tolerance: number; readonly enoughMs: number },
): number => {
  const current = values[index] as Observation;
  let start = current;
  for (let i = index - 1; i >= 0 && current.phenomenonTime - start.phenomenonTime < enoughMs; i--) {
    const earlier = values[i] as Observation;
    const gap = start.phenomenonTime - earlier.phenomenonTime;
    if (gap > MAX_GAP || Math.abs((earlier.value as number) - (current.value as number)) > tolerance) break;
    start = earlier;
  }
  return current.phenomenonTime - start.phenomenonTime;
};

/** QARTOD flat line test by time, not by count: how long has the value stayed within its tolerance? */
const flatLineTest = (
  values: readonly Observation[],
  index: number,
  { tolerance, suspectS, failS }: NonNullable<QualityLimits['flatLine']>,
): QualityFlag => {
  const unchangedMs = unchangedFor(values, index, { tolerance, enoughMs: failS * 1000 });
  if (unchangedMs >= failS * 1000) return qualityFlag.fail;
  return unchangedMs >= suspectS * 1000 ? qualityFlag.suspect : qualityFlag.pass;
};

/** Judges the values of one datastream by their neighbours; `values` in order of time. Pure. */
export const judgeNeighbours = (values: readonly Observation[], limits: QualityLimits): (Verdict | undefined)[] => {
  const usable = values.filter(isUsable);
  const indexOf = new Map(usable.map((value, i) => [value, i]));
  return values.map((value) => {
    const i = indexOf.get(value);
    if (i === undefined) return undefined;
    return judgeOne(usable, i, limits);
  });
};

const judgeOne = (usable: readonly Observation[], i: number, limits: QualityLimits): Verdict => {
  const current = usable[i] as Observation;
  const previous = usable[i - 1];
  const next = usable[i + 1];
  const results: [number, QualityFlag][] = [];
  if (previous && next) results.push([qualityTest.spike, spikeTest(previous, current, next, limits)]);
  if (previous) results.push([qualityTest.rateOfChange, rateTest(previous, current, limits)]);
  if (limits.flatLine) {
    results.push([qualityTest.flatLine, flatLineTest(usable, i, limits.flatLine)]);
  }
  // What ingest found out by the value alone stays; only the neighbours' share is computed anew.
  const own = current.tests & ~NEIGHBOUR_TESTS;
  let tests = own;
  let flag: QualityFlag = own === 0 ? qualityFlag.pass : qualityFlag.suspect;
  for (const [test, result] of results) {
    if (result !== qualityFlag.suspect && result !== qualityFlag.fail) continue;
    tests |= test;
    flag = worseFlag(flag, result);
  }
  return { flag, tests };
};

const collect = async (values: AsyncIterable<Observation>): Promise<Observation[]> => {
  const list: Observation[] = [];
  for await (const value of values) list.push(value);
  return list;
};

/** How far from a changed value the verdict on another may change. */
const reachOf = (limits: QualityLimits): number =>
  Math.max(2 * MAX_GAP, limits.flatLine ? limits.flatLine.failS * 1000 + MAX_GAP : 0);

const computeWindow = async (
  { window, datastream }: { window: number; datastream: number },
  { observations, limits, windowMs }: { observations: ObservationReader; limits: QualityLimits; windowMs: number },
): Promise<Derived> => {
  const reach = reachOf(limits);
  const from = window - reach;
  const to = window + windowMs + reach;
  // Verdicts are asked for in [from, to): their own neighbours and runs reach once more as far back.
  const values = await collect(
    observations.range({ datastreams: [datastream], from: from - reach, to: to + 2 * MAX_GAP }),
  );
  const verdicts = judgeNeighbours(values, limits);
  const judged = values.flatMap((value, i) => {
    const verdict = verdicts[i];
    if (!verdict || value.phenomenonTime < from || value.phenomenonTime >= to) return [];
    if (verdict.flag === value.flag && verdict.tests === value.tests) return [];
    const { phenomenonTime, position, record } = value;
    return [{ datastream, phenomenonTime, position, record, ...verdict }];
  });
  return { judged };
};

/** Spike, rate of change and flat line (QARTOD), computed over dirty windows so that any order of arrival ends the same. */
export const qualityDerivation: Derivation = {
  name: 'quality',
  windowMs: WINDOW,
  concerns: (property) => {
    const limits = observedProperties.get(property)?.quality;
    return Boolean(limits && (limits.spike || limits.ratePerHour !== undefined || limits.flatLine));
  },
  compute: async ({ window, datastream }, { observations, registry }) => {
    const property = registry.datastreamByKey(datastream)?.property;
    const limits = property === undefined ? undefined : observedProperties.get(property)?.quality;
    return limits ? computeWindow({ window, datastream }, { observations, limits, windowMs: WINDOW }) : {};
  },
};
