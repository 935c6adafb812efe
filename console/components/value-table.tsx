import type { Sort, SortKey } from '../order.ts';
import type { Thing } from '../things.ts';
import { FlatRow } from './flat-row.tsx';
import { ThingRows } from './thing-rows.tsx';
import { quantityName, useUi } from './ui.ts';

interface ValueTableProps {
  readonly caption: string;
  readonly things: readonly Thing[];
  /** One datastream each: one line each. */
  readonly isFlat: boolean;
  readonly sort: Sort;
  readonly setSort: (sort: Sort) => void;
}

export const ValueTable = ({ caption, things, isFlat, sort, setSort }: ValueTableProps) => {
  const ui = useUi();
  const { t } = ui;
  const quantities = new Set(things.map(({ rows }) => quantityName(rows[0], ui)));
  const [only] = quantities;
  const isOneQuantity = isFlat && quantities.size === 1;
  const head = (key: SortKey, text: string) => <SortHead key={key} {...{ of: key, text, sort, setSort }} />;
  return (
    <table class={isFlat ? 'values is-flat' : 'values is-grouped'}>
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {head('name', t.columns.thing)}
          {isFlat && head('municipality', t.municipality)}
          {head('value', isOneQuantity ? (only ?? t.columns.value) : t.columns.value)}
          {head('age', t.columns.age)}
          <th scope="col">{t.columns.quality}</th>
        </tr>
      </thead>
      {isFlat ? (
        <tbody>
          {things.map((thing) => (
            <FlatRow key={thing.id} thing={thing} namesQuantity={!isOneQuantity} />
          ))}
        </tbody>
      ) : (
        things.map((thing) => <ThingRows key={thing.id} thing={thing} />)
      )}
    </table>
  );
};

interface SortHeadProps {
  readonly of: SortKey;
  readonly text: string;
  readonly sort: Sort;
  readonly setSort: (sort: Sort) => void;
}

const SortHead = ({ of: key, text, sort, setSort }: SortHeadProps) => {
  const isSorted = sort.key === key;
  const direction = sort.descending ? 'descending' : 'ascending';
  const next = isSorted ? { key, descending: !sort.descending } : { key, descending: key === 'value' };
  return (
    <th scope="col" class={`col-${key}`} aria-sort={isSorted ? direction : undefined}>
      <button type="button" class="sort" onClick={() => setSort(next)}>
        {text}
        <svg viewBox="0 0 10 10" aria-hidden="true">
          <path d={isSorted ? (sort.descending ? 'M1 3h8L5 8z' : 'M1 7h8L5 2z') : 'M2 4h6L5 1zM2 6h6L5 9z'} />
        </svg>
      </button>
    </th>
  );
};
