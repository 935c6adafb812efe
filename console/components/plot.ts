import uPlot from 'uplot';
import { hoursWithin, type RegionTime } from '../region-time.ts';

interface PlotOptions {
  readonly time: RegionTime;
  readonly format: (value: number) => string;
  readonly unit: string;
  readonly isState: boolean;
  /** Right edge in epoch ms; the left one is 24 hours before it. */
  readonly right: () => number;
  /** Instants that are marked, in epoch ms. */
  readonly marks: () => readonly number[];
  readonly onHover: (text: string) => void;
}

const DAY_S = 86_400;
const HOUR_S = 3_600;

/** Read at each drawing, so that light and dark follow the page. */
const colour = (name: string) => (): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const FONT = '12px system-ui, sans-serif';

export const createPlot = (element: HTMLElement, options: PlotOptions): uPlot => {
  const { time, format, unit, isState, right, marks, onHover } = options;
  const stepped = isState ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return new uPlot(
    {
      width: element.clientWidth,
      height: element.clientHeight,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
      scales: {
        x: { time: true, range: () => [right() / 1000 - DAY_S, right() / 1000] },
        y: { range: (_plot, min, max) => spanOf({ min, max, unit, isState }) },
      },
      axes: [
        {
          ...axisColours,
          space: 56,
          incrs: [1, 2, 3, 4, 6, 12].map((hours) => hours * HOUR_S),
          splits: (_plot, _axis, min, max, incr) =>
            hoursWithin({ from: min * 1000, to: max * 1000 }, incr / HOUR_S, time).map((hour) => hour / 1000),
          values: (_plot, splits) => splits.map((seconds) => hourText(seconds * 1000, time)),
          grid: { show: false },
          size: 30,
        },
        {
          ...axisColours,
          space: 36,
          values: (_plot, splits) => labelsOf(splits, { isState, format }),
          grid: { stroke: colour('--chart-grid'), width: 1 },
          ticks: { show: false },
          size: (_plot, values) => 14 + 6.8 * Math.max(3, ...(values ?? []).map((text) => text.length)),
        },
      ],
      series: [
        {},
        {
          stroke: colour('--chart-line'),
          fill: colour('--chart-fill'),
          width: 2,
          spanGaps: false,
          ...(stepped && { paths: stepped }),
          points: { size: 5, fill: colour('--chart-line') },
        },
      ],
      hooks: {
        draw: [(plot) => drawMarks(plot, marks())],
        setCursor: [
          ({ cursor: { idx }, data: [times, values] }) => {
            const [seconds, value] = [times[idx ?? -1], values?.[idx ?? -1]];
            onHover(seconds === undefined || value == null ? '' : `${time.clock(seconds * 1000)} · ${format(value)}`);
          },
        ],
      },
    },
    [[], []],
    element,
  );
};

/** Dashed lines from top to bottom. */
const drawMarks = (plot: uPlot, times: readonly number[]): void => {
  const { ctx, bbox, scales } = plot;
  const [min, max] = [scales.x?.min ?? 0, scales.x?.max ?? 0];
  ctx.save();
  ctx.strokeStyle = colour('--chart-mark')();
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const time of times) {
    const seconds = time / 1000;
    if (seconds < min || seconds > max) continue;
    const x = plot.valToPos(seconds, 'x', true);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
};

const axisColours = {
  stroke: colour('--ink-soft'),
  font: FONT,
  ticks: { stroke: colour('--chart-grid'), width: 1, size: 5 },
};

/** A state has words only for whole numbers; a text that the line below has already says nothing. */
const labelsOf = (
  values: readonly number[],
  { isState, format }: Pick<PlotOptions, 'isState' | 'format'>,
): string[] => {
  const texts = values.map((value) => (isState && !Number.isInteger(value) ? '' : format(value)));
  return texts.map((text, i) => (text === texts[i - 1] ? '' : text));
};

/** At midnight the day, else the hour. */
const hourText = (hour: number, { clock, day }: RegionTime): string => {
  const text = clock(hour);
  return text === '00:00' ? day(hour) : text;
};

interface Span {
  readonly min: number | null;
  readonly max: number | null;
  readonly unit: string;
  readonly isState: boolean;
}

/** A span narrower than this shows nothing but noise. */
const leastSpans: Readonly<Record<string, number>> = {
  m: 0.2,
  m3: 0.2,
  'm3/h': 0.2,
  W: 50,
  '[ppm]': 40,
  'ug/m3': 5,
};

/** Shares from 0 to 100, counts from 0, others a little wider than they are; never so narrow that noise looks like a storm. */
const spanOf = ({ min, max, unit, isState }: Span): [number, number] => {
  const [low, high] = [min ?? 0, max ?? 1];
  if (isState) return [Math.min(0, low) - 0.1, Math.max(1, high) + 0.1];
  if (unit === '%') return [Math.min(0, low), Math.max(100, high)];
  if (unit === '{count}') return [0, Math.max(10, high * 1.1)];
  const smallest = leastSpans[unit] ?? 2;
  const half = Math.max(smallest, (high - low) * 1.2) / 2;
  const middle = (low + high) / 2;
  return [low >= 0 && middle - half < 0 ? 0 : middle - half, middle + half];
};
