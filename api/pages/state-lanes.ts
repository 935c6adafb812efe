import { observedProperties } from '../../model/observed-properties.ts';
import type { EpochMs } from '../../model/time.ts';
import { el, type Piece } from './element.ts';
import { type ChartOptions, round, timeAxis } from './line-chart.ts';
import type { StateFacts } from './state-facts.ts';

const LANE = 44;
const BAR = 16;
/** Colours that there are; codes beyond share the last. */
const COLOURS = 4;

const frames = {
  wide: { width: 860, left: 8, right: 8, letters: 90 },
  narrow: { width: 350, left: 4, right: 4, letters: 44 },
} as const;

/** When a state held, as bars: one lane for each place, blank where nothing was reported. */
export const stateLanes = (facts: StateFacts, options: ChartOptions): Piece =>
  (['wide', 'narrow'] as const).map((size) => {
    const { width, left, right, letters } = frames[size];
    const height = facts.lanes.length * LANE + 30;
    const frame = { width, height, left, right, top: 4, bottom: 28 };
    const { from, to, lanes } = facts;
    const x = (time: EpochMs): number => left + ((time - from) / (to - from)) * (width - left - right);
    const { words, property } = options.tongue;
    return el(
      'svg',
      {
        class: `chart ${size}`,
        viewBox: `0 0 ${width} ${height}`,
        role: 'img',
        'aria-label': words.stateLabel(property(facts.property)),
      },
      timeAxis(facts, { ...options, frame, x, every: size === 'wide' ? 1 : 2 }),
      lanes.map(({ stream, spans }, i) => {
        const top = i * LANE + 20;
        const { name } = stream.thing;
        const label = name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
        return el(
          'g',
          null,
          el('text', { class: 'lane-name', x: left, y: top - 5 }, label),
          el('rect', { class: 'lane', x: left, y: top, width: width - left - right, height: BAR }),
          [...Map.groupBy(spans, ({ value }) => value)].map(([value, same]) =>
            el('path', {
              class: `state state-${colourOf(facts.property, value)}`,
              d: same
                .map(
                  (span) =>
                    `M${round(x(span.from))} ${top}H${round(Math.max(x(span.to), x(span.from) + 0.6))}v${BAR}H${round(x(span.from))}z`,
                )
                .join(''),
            }),
          ),
        );
      }),
    );
  });

const codesOf = (property: string) => Object.entries(observedProperties.get(property)?.codes ?? {});

const colourOf = (property: string, value: number): number => {
  const index = codesOf(property).findIndex(([code]) => Number(code) === value);
  return index === -1 ? COLOURS - 1 : Math.min(index, COLOURS - 1);
};

/** Which colour is which state. */
export const stateLegend = ({ property }: StateFacts, { tongue }: ChartOptions): Piece =>
  el(
    'ul',
    { class: 'legend' },
    codesOf(property).map(([, name], i) =>
      el(
        'li',
        null,
        el(
          'svg',
          { viewBox: '0 0 28 8', 'aria-hidden': 'true' },
          el('rect', { class: `state state-${Math.min(i, COLOURS - 1)}`, width: 28, height: 8 }),
        ),
        name[tongue.language],
      ),
    ),
  );
