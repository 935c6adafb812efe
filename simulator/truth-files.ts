import { type EpochMs, formatTime, HOUR } from '../model/time.ts';
import { rounded } from './rounded.ts';
import { AIR_INTERVAL } from './sensors/air.ts';
import { GAUGE_INTERVAL } from './sensors/gauges.ts';
import { WEATHER_INTERVAL } from './sensors/weather.ts';
import type { OutdoorAirTruth } from './truth/air.ts';
import type { ClassroomTruth } from './truth/classroom.ts';
import type { Leak, Leaks } from './truth/leak.ts';
import { TRAFFIC_INTERVAL } from './truth/traffic.ts';
import type { ThingTruth, World } from './truth/world.ts';

export interface TruthSpan {
  readonly from: EpochMs;
  /** Exclusive. */
  readonly until: EpochMs;
}

type Line = Readonly<Record<string, unknown>>;

function* instants({ from, until }: TruthSpan, step: number): Generator<EpochMs> {
  for (let time = Math.ceil(from / step) * step; time < until; time += step) yield time;
}

/** Lines of every thing of a kind, each with the thing's id. */
function* linesOf<K extends ThingTruth['kind']>(
  { placed }: World,
  kind: K,
  lines: (truth: Extract<ThingTruth, { kind: K }>) => Iterable<Line>,
): Generator<Line> {
  for (const { thing, truth } of placed) {
    if (truth.kind !== kind) continue;
    for (const line of lines(truth as Extract<ThingTruth, { kind: K }>)) yield { thing: thing.id, ...line };
  }
}

/** A line for each instant of the span. */
function* sampled(span: TruthSpan, step: number, of: (time: EpochMs) => Line): Generator<Line> {
  for (const time of instants(span, step)) yield { time: formatTime(time), ...of(time) };
}

/** What is true in a span, as lines of NDJSON by the name of the file. */
export const truthFiles = (world: World, span: TruthSpan): Readonly<Record<string, Iterable<Line>>> => {
  const { from, until } = span;
  return {
    fill: linesOf(world, 'container_slot', ({ slot }) =>
      sampled(span, HOUR, (time) => ({ fillPercent: rounded(slot.fillPercent(time), 3) })),
    ),
    emptyings: linesOf(world, 'container_slot', ({ slot }) =>
      slot.events(from, until).map(({ kind, at, beforePercent, afterPercent }) => ({
        kind,
        time: formatTime(at),
        beforePercent: rounded(beforePercent, 3),
        afterPercent: rounded(afterPercent, 3),
      })),
    ),
    traffic: linesOf(world, 'road_cross_section', ({ traffic }) =>
      [...instants(span, TRAFFIC_INTERVAL)].map((end) => {
        const { from: begin, to, all, categories } = traffic.interval(end);
        return { from: formatTime(begin), to: formatTime(to), all, categories };
      }),
    ),
    'water-levels': linesOf(world, 'gauge', ({ water }) =>
      sampled(span, GAUGE_INTERVAL, (time) => ({ levelM: rounded(water.levelM(time), 4) })),
    ),
    weather: linesOf(world, 'weather_station', ({ weather }) =>
      sampled(span, WEATHER_INTERVAL, (time) => ({ ...weather.at(time) })),
    ),
    storms: world.storms
      .between(from, until)
      .map(({ peakAt, surgeM }) => ({ peakAt: formatTime(peakAt), surgeM: rounded(surgeM, 3) })),
    meters: linesOf(world, 'meter', ({ meter: { medium, counter, exported } }) =>
      sampled(span, HOUR, (time) => ({
        medium,
        reading: rounded(counter.reading(time), 4),
        ...(exported && { exportedKwh: rounded(exported.reading(time), 4) }),
      })),
    ),
    'meter-faults': linesOf(world, 'meter', ({ meter: { heatsAllNight, leaks } }) => [
      ...(heatsAllNight ? [{ kind: 'night_heating' }] : []),
      ...leaksIn(leaks, span).map((leak) => ({
        kind: 'leak',
        from: formatTime(leak.from),
        to: formatTime(leak.to),
        litresPerHour: leak.litresPerHour,
      })),
    ]),
    stays: linesOf(world, 'parking_bay', ({ bay }) =>
      bay.stays(from, until).map(({ arrive, leave }) => ({ arrive: formatTime(arrive), leave: formatTime(leave) })),
    ),
    air: linesOf(world, 'air_station', ({ air }) => sampled(span, AIR_INTERVAL, (time) => airAt(air, time))),
  };
};

/** Also one that began before the span and still runs. */
const leaksIn = (leaks: Leaks | undefined, { from, until }: TruthSpan): Leak[] => {
  const running = leaks?.at(from);
  return [...(running && running.from < from ? [running] : []), ...(leaks?.between(from, until) ?? [])];
};

const airAt = (air: OutdoorAirTruth | ClassroomTruth, time: EpochMs): Line => {
  const values = air.place === 'outdoors' ? air.dust(time) : air.at(time);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rounded(value, 3)]));
};
