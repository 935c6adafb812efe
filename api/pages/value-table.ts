import { formatTime } from '../../model/time.ts';
import { el, type Piece } from './element.ts';
import type { ValueRow } from './newest-rows.ts';
import type { Tongue } from './tongue.ts';

/** The newest values, one row for each datastream. */
export const valueTable = (rows: readonly ValueRow[], tongue: Tongue, labelledBy: string): Piece => {
  const { words } = tongue;
  const heads = [words.thing, words.property, words.value, words.time, words.quality];
  return el(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-labelledby': labelledBy },
    el(
      'table',
      null,
      el(
        'thead',
        null,
        el(
          'tr',
          null,
          heads.map((head) => el('th', { scope: 'col' }, head)),
        ),
      ),
      el(
        'tbody',
        null,
        rows.map((row) => rowOf(row, tongue)),
      ),
    ),
  );
};

const rowOf = ({ stream, observation }: ValueRow, tongue: Tongue): Piece => {
  const { datastream, thing, site, municipality } = stream;
  const { words } = tongue;
  const { property, channel, unit } = datastream;
  const place = [site?.name, municipality?.name].filter((name) => name !== undefined && name !== thing.name).join(', ');
  const { phenomenonTime, value, flag, withheld } = observation;
  const noValue = withheld ? words.withheldValue : words.noValue;
  const flagName = words.flags[flag];
  return el(
    'tr',
    null,
    el('th', { scope: 'row' }, thing.name, place === '' ? null : el('small', null, place)),
    el('td', null, tongue.property(property), channel === undefined ? null : ` (${channel})`),
    el(
      'td',
      { class: value === null ? 'number is-missing' : 'number' },
      value === null ? noValue : tongue.quantity(value, { unit, property }),
    ),
    el('td', { class: 'time' }, el('time', { datetime: formatTime(phenomenonTime) }, tongue.time(phenomenonTime))),
    el('td', { class: `flag flag-${flag}` }, flagName),
  );
};
