import { heardOf, newestOf, type Options } from '../influxql.ts';
import type { Text } from '../text.ts';
import { noneSteps } from '../thresholds.ts';
import { preparedForJoin } from './join.ts';
import type { PanelBrick } from './panel.ts';
import { stat } from './stat.ts';

interface Silent {
  readonly id: number;
  readonly title: Text;
  readonly about: Text;
  readonly width: number;
  readonly property: string;
  readonly hours: number;
  readonly options?: Options;
}

/** Rows of things that were known and are not heard of. */
const notHeard = {
  id: 'filterByValue',
  options: {
    type: 'include',
    match: 'all',
    filters: [{ fieldName: 'heard', config: { id: 'isNull', options: {} } }],
  },
};

/** How many things had a value in the last two weeks and none in the last hours. */
export const silentTile = ({ id, title, about, width, property, hours, options = {} }: Silent): PanelBrick =>
  stat({
    id,
    title,
    about,
    size: [width, 4],
    queries: [newestOf(property, 'value', options), heardOf(property, hours, options)],
    unit: 'none',
    steps: noneSteps,
    noValue: ['0', '0'],
    transformations: [
      ...preparedForJoin(2),
      { id: 'joinByField', options: { byField: 'thing', mode: 'outer' } },
      notHeard,
    ],
    reduce: 'count',
    fields: '/^value$/',
    more: 'plietsch-network',
  });
