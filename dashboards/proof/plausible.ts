import { observedProperties } from '../../model/observed-properties.ts';
import { unitOf } from '../units.ts';
import type { PanelJson } from './grafana-json.ts';
import type { Series } from './influxql-client.ts';

/** Of which property a query speaks, if of one. */
export const propertyIn = (query: string): string | undefined => {
  const [, name] = /FROM (?:"derived"\.)?"(\w+)" WHERE/.exec(query) ?? [];
  return name !== undefined && observedProperties.has(name) ? name : undefined;
};

/** Unit in which a column is shown: its own, or the panel's. */
const shownUnit = ({ fieldConfig }: PanelJson, column: string): string | undefined => {
  const own = fieldConfig?.overrides.find(({ matcher }) => matcher.id === 'byName' && matcher.options === column);
  const unit = own?.properties.find(({ id }) => id === 'unit')?.value;
  return typeof unit === 'string' ? unit : fieldConfig?.defaults.unit;
};

/**
 * What is wrong with the numbers of an answer: where a column is shown in its property's unit they must lie in what a
 * sensor or nature can produce (and figures of what is usual there too), elsewhere they are counts, shares or ages.
 */
export const implausible = (panel: PanelJson, query: string, series: readonly Series[]): string[] => {
  const property = observedProperties.get(propertyIn(query) ?? '');
  const faults = new Set<string>();
  for (const { columns, values } of series) {
    columns.forEach((column, index) => {
      if (column === 'time') return;
      const inUnit =
        property &&
        property.unit !== '{count}' &&
        property.unit !== '1' &&
        shownUnit(panel, column) === unitOf(property.id);
      const [least, most] = inUnit ? property.quality.gross : [-1e-6, Number.POSITIVE_INFINITY];
      for (const row of values) {
        const value = row[index];
        if (typeof value !== 'number') continue;
        if (!(value >= least && value <= most)) faults.add(`${column} = ${value} is not within ${least} to ${most}`);
      }
    });
  }
  return [...faults].slice(0, 3);
};

export const hasValue = (series: readonly Series[]): boolean =>
  series.some(({ columns, values }) =>
    values.some((row) => row.some((value, i) => columns[i] !== 'time' && value !== null)),
  );
