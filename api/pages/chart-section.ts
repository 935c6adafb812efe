import type { Stream } from '../visibility.ts';
import type { ChartFacts, Line } from './chart-facts.ts';
import { el, type Piece } from './element.ts';
import { type ChartOptions, lineChart } from './line-chart.ts';
import type { PageFacts } from './page-facts.ts';
import type { StateFacts } from './state-facts.ts';
import { stateLanes, stateLegend } from './state-lanes.ts';

interface ChartSectionOptions extends ChartOptions {
  /** All of the dataset: what is not drawn of them is told. */
  readonly streams: readonly Stream[];
}

/** The last days of some quantities at some places. */
export const chartSection = (
  { charts, states }: Pick<PageFacts, 'charts' | 'states'>,
  options: ChartSectionOptions,
): Piece => {
  const { words, count } = options.tongue;
  const drawn = charts.length + states.length;
  const quantities = new Set(options.streams.map(({ datastream }) => datastream.property)).size;
  return [
    ...charts.map((chart) => chartPiece(chart, options)),
    ...states.map((state) => statesPiece(state, options)),
    drawn < quantities ? el('p', { class: 'hint' }, words.quantitiesOf(count(drawn), count(quantities))) : null,
  ];
};

const chartPiece = (chart: ChartFacts, options: ChartSectionOptions): Piece => {
  const { words, property } = options.tongue;
  return el(
    'figure',
    { class: 'chart-figure' },
    el('h3', null, property(chart.property)),
    lineChart(chart, options),
    el(
      'ul',
      { class: 'legend' },
      chart.lines.map((line, i) => legendItem(line, i, options)),
    ),
    el(
      'figcaption',
      null,
      words.chartCaption(words.bucket[chart.bucket], words.how[chart.aggregation]),
      leftOut(chart.property, chart.lines.length, options),
    ),
  );
};

const legendItem = ({ stream, values }: Line, i: number, { tongue }: ChartSectionOptions): Piece => {
  const last = values.findLast((value) => value !== null);
  const { thing, datastream } = stream;
  return el(
    'li',
    null,
    el('svg', { class: `line line-${i}`, viewBox: '0 0 28 8', 'aria-hidden': 'true' }, el('path', { d: 'M0 4H28' })),
    datastream.channel === undefined ? thing.name : `${thing.name} (${datastream.channel})`,
    last === undefined || last === null ? null : el('b', null, tongue.quantity(last, datastream)),
  );
};

const statesPiece = (states: StateFacts, options: ChartSectionOptions): Piece => {
  const { words, property } = options.tongue;
  return el(
    'figure',
    { class: 'chart-figure' },
    el('h3', null, property(states.property)),
    stateLanes(states, options),
    stateLegend(states, options),
    el('figcaption', null, words.stateCaption, leftOut(states.property, states.lanes.length, options)),
  );
};

/** How many datastreams of a quantity a picture shows, where it shows not all. */
const leftOut = (property: string, drawn: number, { streams, tongue }: ChartSectionOptions): string | null => {
  const { words, count } = tongue;
  const all = streams.filter(({ datastream }) => datastream.property === property).length;
  return drawn < all ? ` ${words.chartsOf(count(drawn), count(all))}` : null;
};
