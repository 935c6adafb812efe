import { type EpochMs, HOUR, nextCalendarUnit, startOfCalendarUnit } from '../../model/time.ts';
import type { ChartFacts } from './chart-facts.ts';
import { el, type Piece } from './element.ts';
import { symbolOf, type Tongue } from './tongue.ts';

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Drawn twice, for text in a picture does not grow when the picture shrinks; the style shows one of them. */
const frames: Readonly<Record<'wide' | 'narrow', Frame>> = {
  wide: { width: 860, height: 270, left: 58, right: 14, top: 26, bottom: 30 },
  narrow: { width: 350, height: 220, left: 48, right: 8, top: 24, bottom: 28 },
};

export interface ChartOptions {
  readonly tongue: Tongue;
  readonly timeZone: string;
}

/** A quantity over time as pictures with axes and unit. */
export const lineChart = (facts: ChartFacts, options: ChartOptions): Piece[] =>
  (['wide', 'narrow'] as const).map((size) => drawing(facts, options, size));

const drawing = (facts: ChartFacts, options: ChartOptions, size: 'wide' | 'narrow'): Piece => {
  const frame = frames[size];
  const [lowest, highest] = extremesOf(facts);
  const ticks = valueTicks(facts, { lowest, highest, most: size === 'wide' ? 6 : 5 });
  const bottom = Math.min(lowest, ticks[0] ?? lowest);
  const top = Math.max(highest, ticks.at(-1) ?? highest);
  const { from, to } = facts;
  const x = (time: EpochMs): number =>
    frame.left + ((time - from) / (to - from)) * (frame.width - frame.left - frame.right);
  const y = (value: number): number =>
    frame.height - frame.bottom - ((value - bottom) / (top - bottom)) * (frame.height - frame.top - frame.bottom);
  return el(
    'svg',
    {
      class: `chart ${size}`,
      viewBox: `0 0 ${frame.width} ${frame.height}`,
      role: 'img',
      'aria-label': chartLabel(facts, options.tongue),
    },
    valueAxis(facts, { frame, ticks, y, tongue: options.tongue }),
    timeAxis(facts, { frame, x, ...options, every: size === 'wide' ? 1 : 2 }),
    facts.lines.map((line, i) => lineOf(facts, { values: line.values, index: i, x, y })),
  );
};

const extremesOf = ({ lines }: ChartFacts): [number, number] => {
  const values = lines.flatMap((line) => line.values.filter((value) => value !== null));
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
};

const chartLabel = (facts: ChartFacts, { words, property, quantity }: Tongue): string => {
  const [lowest, highest] = extremesOf(facts).map((value) => quantity(value, facts));
  return words.chartLabel(property(facts.property), lowest ?? '', highest ?? '');
};

/** Round numbers that span the values. */
const valueTicks = (
  { aggregation }: ChartFacts,
  { lowest, highest, most }: { lowest: number; highest: number; most: number },
): number[] => {
  // Sums are compared by their length.
  const start = aggregation === 'sum' ? Math.min(0, lowest) : lowest;
  const span = highest - start || Math.max(Math.abs(highest), 1) * 0.2;
  const rough = span / (most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.floor((highest === start ? start - span / 2 : start) / step);
  const last = Math.ceil((highest === start ? highest + span / 2 : highest) / step);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
};

type Scale = (value: number) => number;

/** A coordinate in a drawing. */
export const round = (value: number): string => String(Math.round(value * 10) / 10);

const valueAxis = (
  facts: ChartFacts,
  { frame, ticks, y, tongue }: { frame: Frame; ticks: readonly number[]; y: Scale; tongue: Tongue },
): Piece => {
  // As few digits as tell the ticks apart.
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  const places = Math.max(
    0,
    -Math.floor(Math.log10(step) + 1e-9) + (/^2\.?5/.test(String(step / 10 ** Math.floor(Math.log10(step)))) ? 1 : 0),
  );
  return el(
    'g',
    null,
    el('text', { class: 'unit', x: 4, y: 13 }, symbolOf(facts.unit)),
    ticks.map((tick) => [
      el('line', {
        class: 'grid',
        x1: frame.left,
        x2: frame.width - frame.right,
        y1: round(y(tick)),
        y2: round(y(tick)),
      }),
      el('text', { x: frame.left - 6, y: round(y(tick) + 4), 'text-anchor': 'end' }, tongue.decimal(tick, places)),
    ]),
  );
};

/** Local days, each with its name in the middle where there is room for it. */
export const timeAxis = (
  { from, to }: Pick<ChartFacts, 'from' | 'to'>,
  { frame, x, tongue, timeZone, every }: ChartOptions & { frame: Frame; x: Scale; every: number },
): Piece => {
  const days: EpochMs[] = [];
  let day = startOfCalendarUnit(from, 'day', timeZone);
  while (day < to) {
    if (day >= from) days.push(day);
    day = nextCalendarUnit(day, 'day', timeZone);
  }
  const bottom = frame.height - frame.bottom;
  // A label stands in the middle of its day, where there is room for it.
  const middle = (start: EpochMs): number => x(Math.min(to, start + 12 * HOUR));
  return el(
    'g',
    null,
    days.map((start, i) => [
      el('line', { class: 'day', x1: round(x(start)), x2: round(x(start)), y1: frame.top, y2: bottom + 5 }),
      i % every === 0 && middle(start) < frame.width - frame.right - 20
        ? el('text', { x: round(middle(start)), y: bottom + 19, 'text-anchor': 'middle' }, tongue.dayLabel(start))
        : null,
    ]),
  );
};

const lineOf = (
  { from, bucketMs }: ChartFacts,
  { values, index, x, y }: { values: readonly (number | null)[]; index: number; x: Scale; y: Scale },
): Piece => {
  const at = (i: number): string => round(x(from + (i + 0.5) * bucketMs));
  let path = '';
  const alone: Piece[] = [];
  for (const [i, value] of values.entries()) {
    if (value === null) continue;
    const [before, after] = [values[i - 1] ?? null, values[i + 1] ?? null];
    if (before === null && after === null) alone.push(el('circle', { cx: at(i), cy: round(y(value)), r: 2.4 }));
    else if (before === null) path += `M${at(i)} ${round(y(value))}`;
    else path += `L${at(i)} ${round(y(value))}`;
  }
  return el('g', { class: `line line-${index}` }, path === '' ? null : el('path', { d: path }), alone);
};
