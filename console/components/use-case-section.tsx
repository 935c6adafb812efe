import { useEffect, useRef, useState } from 'preact/hooks';
import { wordFor } from '../dictionary.ts';
import { isSameOrder, keptOrder, type Sort, sorted, usualSort } from '../order.ts';
import type { Thing } from '../things.ts';
import { countText } from './count-text.ts';
import { Pager } from './pager.tsx';
import { useUi } from './ui.ts';
import { UseCaseIcon } from './use-case-icon.tsx';
import { ValueTable } from './value-table.tsx';

interface SectionProps {
  readonly useCase: string;
  readonly things: readonly Thing[];
  /** With another key the order is settled anew. */
  readonly orderKey: string;
  /** Grows while nobody uses the page. */
  readonly epoch: number;
}

const LINES_A_PAGE = 10;
const THINGS_A_PAGE = 4;

export const UseCaseSection = ({ useCase, things, orderKey, epoch }: SectionProps) => {
  const { t } = useUi();
  const [sort, setSort] = useState<Sort>(() => usualSort(useCase));
  const [asked, setAsked] = useState(0);
  const [page, setPage] = useState(0);
  const [showsAll, setShowsAll] = useState(false);
  useEffect(() => setPage(0), [orderKey]);
  const ordered = useSettledOrder(things, sort, `${orderKey}\n${sort.key} ${sort.descending} ${asked} ${epoch}`);
  const isOutOfOrder = !isSameOrder(ordered, sorted(things, sort));
  const isFlat = things.every(({ rows }) => rows.length === 1);
  const perPage = isFlat ? LINES_A_PAGE : THINGS_A_PAGE;
  const current = Math.min(page, Math.ceil(ordered.length / perPage) - 1);
  const shown = showsAll ? ordered : ordered.slice(current * perPage, (current + 1) * perPage);
  const name = wordFor(t.useCases, useCase);
  return (
    <section class="use-case" id={useCase} aria-labelledby={`${useCase}-heading`}>
      <div class="use-case-head">
        <h3 id={`${useCase}-heading`}>
          <UseCaseIcon useCase={useCase} />
          {name} <small>{countText(useCase, things.length, t)}</small>
        </h3>
        {isOutOfOrder && (
          <button type="button" class="quiet" title={t.resortHint} onClick={() => setAsked(asked + 1)}>
            {t.resort}
          </button>
        )}
      </div>
      <ValueTable
        caption={t.caption(name)}
        things={shown}
        isFlat={isFlat}
        sort={sort}
        setSort={(next) => {
          setSort(next);
          setPage(0);
        }}
      />
      <Pager {...{ page: current, perPage, count: ordered.length, showsAll, setPage, setShowsAll, name }} />
    </section>
  );
};

/** The order of the last sorting, until `key` changes. */
const useSettledOrder = (things: readonly Thing[], sort: Sort, key: string): readonly Thing[] => {
  const settled = useRef<{ key: string; ids: readonly string[] }>({ key: '', ids: [] });
  const { current } = settled;
  const ordered = current.key === key ? keptOrder(current.ids, things, sort) : sorted(things, sort);
  settled.current = { key, ids: ordered.map(({ id }) => id) };
  return ordered;
};
