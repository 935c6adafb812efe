import type { QualityFlag } from '../../model/quality.ts';
import { el, type Piece } from './element.ts';
import type { QualityFacts } from './quality-facts.ts';
import type { Tongue } from './tongue.ts';

const flags: readonly QualityFlag[] = [1, 2, 3, 4, 9];

/** Shares of the quality flags, and how complete the days are; `all` is the number of datastreams of the dataset. */
export const qualitySection = (facts: QualityFacts, tongue: Tongue, all: number): Piece => {
  const { words, count, share } = tongue;
  const { values, withheld, complete, streams } = facts;
  return [
    el(
      'p',
      null,
      words.qualityLead(count(values)),
      streams < all ? ` ${words.qualityOf(count(streams), count(all))}` : null,
    ),
    el('div', { class: 'quality-figures' }, [
      el('div', null, shareBar(facts), flagTable(facts, tongue)),
      complete === undefined
        ? null
        : el(
            'div',
            null,
            el('p', { class: 'figure' }, words.complete(share(complete))),
            el('h3', null, words.perDay),
            dayStrip(facts, tongue),
            el('p', { class: 'hint' }, words.completeHint),
          ),
    ]),
    withheld > 0 ? el('p', { class: 'hint' }, words.withheldCount(count(withheld))) : null,
  ];
};

/** The table beneath says the same in words. */
const shareBar = ({ flags: counts, values }: QualityFacts): Piece => {
  let x = 0;
  const parts = flags.map((flag) => {
    const width = (counts[flag] / values) * 100;
    const part = el('rect', { class: `flag-${flag}`, x: x.toFixed(2), y: 0, width: width.toFixed(2), height: 10 });
    x += width;
    return width > 0 ? part : null;
  });
  return el(
    'svg',
    { class: 'share', viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    parts,
  );
};

const flagTable = ({ flags: counts, values }: QualityFacts, { words, count, share }: Tongue): Piece =>
  el(
    'table',
    { class: 'flags' },
    el(
      'thead',
      null,
      el(
        'tr',
        null,
        [words.quality, words.share, words.count].map((head) => el('th', { scope: 'col' }, head)),
      ),
    ),
    el(
      'tbody',
      null,
      flags
        .filter((flag) => counts[flag] > 0)
        .map((flag) =>
          el(
            'tr',
            null,
            el('th', { scope: 'row', class: `flag flag-${flag}` }, words.flags[flag]),
            el('td', null, share(counts[flag] / values)),
            el('td', null, count(counts[flag])),
          ),
        ),
    ),
  );

const CELL = 10;
const HEIGHT = 34;

const dayStrip = ({ days }: QualityFacts, { words, share, date }: Tongue): Piece => {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return null;
  const cells = days.map(({ from, complete }, i) => {
    const height = complete === null ? 0 : Math.max(1.5, complete * HEIGHT);
    const text = complete === null ? words.noneThatDay : share(complete);
    return el(
      'g',
      null,
      el('title', null, `${date(from)}: ${text}`),
      el('rect', { class: 'day-track', x: i * CELL, y: 0, width: CELL - 1.5, height: HEIGHT }),
      el('rect', {
        class: 'day-share',
        x: i * CELL,
        y: (HEIGHT - height).toFixed(1),
        width: CELL - 1.5,
        height: height.toFixed(1),
      }),
    );
  });
  return [
    el(
      'svg',
      {
        class: 'days',
        viewBox: `0 0 ${days.length * CELL} ${HEIGHT}`,
        role: 'img',
        'aria-label': words.perDayLabel(date(first.from), date(last.from)),
      },
      cells,
    ),
    el(
      'p',
      { class: 'days-ends', 'aria-hidden': 'true' },
      el('span', null, date(first.from)),
      el('span', null, date(last.from)),
    ),
  ];
};
