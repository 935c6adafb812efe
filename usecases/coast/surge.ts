import { qualityFlag } from '../../model/quality.ts';
import type { Thing } from '../../model/registry.ts';
import { DAY, type EpochMs, formatTime } from '../../model/time.ts';
import type { Derivation } from '../../store/derivation.ts';
import type { DerivedEvent } from '../../store/events.ts';
import type { ObservationReader } from '../../store/observations.ts';
import { findHighWaters, type HighWater, isQuiet, type Level, smoothed } from './high-water.ts';

/**
 * Classes of storm surges at the German Baltic coast in metres above the mean water level, as the Federal Maritime and
 * Hydrographic Agency (BSH) warns by them (BSH, "Sturmfluten"; told again at https://sturmflutmonitor.de/faq/index.php.de):
 * Sturmflut 1.00 to 1.25, mittlere 1.25 to 1.50, schwere 1.50 to 2.00, sehr schwere above 2.00.
 */
export const surgeClassOf = (aboveMeanM: number): string => {
  if (aboveMeanM > 2) return 'very_heavy_storm_surge';
  if (aboveMeanM >= 1.5) return 'heavy_storm_surge';
  return aboveMeanM >= 1.25 ? 'medium_storm_surge' : 'storm_surge';
};

const WINDOW = DAY;
/** What stands high for longer is no storm but a wrong datum or a broken sensor. */
const LONGEST = 30 * DAY;
const FARTHEST = 32 * DAY;

/**
 * Mean water level in the datum of a gauge's values, in metres. The thing says it itself by `meanWaterM`, or its `datum`:
 * values above MW have it at 0; NHN does to some centimetres along this coast. Of other datums it is not known.
 */
export const meanWaterOf = ({ properties }: Thing): number | undefined => {
  const { meanWaterM, datum } = properties;
  if (typeof meanWaterM === 'number') return meanWaterM;
  return datum === 'NHN' || datum === 'MW' ? 0 : undefined;
};

interface Surroundings {
  readonly levels: readonly Level[];
  /** What lies between has its beginning and its end in `levels`, and nothing in the window reaches beyond it. */
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** The values around a window, as far as a high water that touches it may reach. */
const lookAround = async (
  window: EpochMs,
  read: (from: EpochMs, to: EpochMs) => Promise<Level[]>,
): Promise<Surroundings> => {
  const end = window + WINDOW;
  for (let reach = DAY; ; reach = Math.min(2 * reach, FARTHEST)) {
    const levels = await read(window - reach, end + reach);
    const before = levels.filter(({ time }) => time < window);
    const after = levels.filter(({ time }) => time >= end);
    // A value next to the window is smoothed by one within it; the one behind that is not.
    const from =
      before.length === 0 ? window : before.findLast((one, i) => i < before.length - 1 && isQuiet(one))?.time;
    const to = after.length === 0 ? end : after.find((one, i) => i > 0 && isQuiet(one))?.time;
    if (reach === FARTHEST || (from !== undefined && to !== undefined))
      return { levels, from: from ?? window - reach, to: to ?? end + reach };
  }
};

const levelsOf = async (
  observations: ObservationReader,
  { datastream, from, to, meanM }: { datastream: number; from: EpochMs; to: EpochMs; meanM: number },
): Promise<Level[]> => {
  const levels: { time: EpochMs; aboveMeanM: number }[] = [];
  const without = [qualityFlag.fail, qualityFlag.missing];
  const range = observations.range({ datastreams: [datastream], from, to, without });
  for await (const { phenomenonTime: time, value } of range)
    if (value !== null) levels.push({ time, aboveMeanM: value - meanM });
  return smoothed(levels);
};

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;

const eventOf = (
  { from, to, highest, evidenceTo }: HighWater,
  { thing, datastream, meanM }: { thing: string; datastream: number; meanM: number },
): DerivedEvent => ({
  kind: 'surge',
  thing,
  datastream,
  derivation: 'surge',
  time: from,
  until: to,
  value: rounded(highest.aboveMeanM + meanM),
  label: surgeClassOf(highest.aboveMeanM),
  detail: {
    aboveMeanWaterM: rounded(highest.aboveMeanM),
    meanWaterM: meanM,
    highestAt: formatTime(highest.time),
  },
  evidenceTo,
});

/** Storm surges at gauges whose mean water is known, from their water level in metres. */
export const surgeDerivation: Derivation = {
  name: 'surge',
  windowMs: WINDOW,
  concerns: (property) => property === 'water_level',
  compute: async ({ window, datastream }, { observations, registry, keptSince }) => {
    const thing = registry.get('thing', registry.datastreamByKey(datastream)?.thing ?? '');
    const meanM = thing?.kind === 'gauge' ? meanWaterOf(thing) : undefined;
    const all = { derivation: 'surge', datastream, from: window, to: window + WINDOW };
    if (!thing || meanM === undefined) return { events: { span: all, events: [] } };
    const { levels, from, to } = await lookAround(window, (begin, end) =>
      levelsOf(observations, { datastream, from: begin, to: end, meanM }),
    );
    // Where values have gone, surges that were found in time stay as they are.
    if (from < keptSince) return {};
    const events = findHighWaters(levels)
      .filter((water) => water.from >= from && water.from < to && water.endedAt - water.beganAt <= LONGEST)
      .map((water) => eventOf(water, { thing: thing.id, datastream, meanM }));
    return { events: { span: { ...all, from, to }, events } };
  },
};
