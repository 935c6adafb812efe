import { useEffect, useRef, useState } from 'preact/hooks';
import { wordFor } from '../dictionary.ts';
import { type EventKind, eventKinds, type Placed } from '../events.ts';
import { isSameOrder, keptOrder, type Sort, sorted, usualSort } from '../order.ts';
import type { Thing } from '../things.ts';
import { countText } from './count-text.ts';
import { EventList } from './event-list.tsx';
import { Pager } from './pager.tsx';
import { PlaceCounts } from './place-counts.tsx';
import { useUi } from './ui.ts';
import { UseCaseIcon } from './use-case-icon.tsx';
import { ValueTable } from './value-table.tsx';

interface SectionProps {
  readonly useCase: string;
  readonly things: readonly Thing[];
  /** Things of all use cases, also those that a search hides. */
  readonly all: readonly Thing[];
  readonly events: readonly Placed[];
  readonly cut: readonly EventKind[];
  /** With another key the order is settled anew. */
  readonly orderKey: string;
  /** Grows while nobody uses the page. */
  readonly epoch: number;
}

const LINES_A_PAGE = 10;
const THINGS_A_PAGE = 4;

export const UseCaseSection = ({ useCase, things, all, events, cut, orderKey, epoch }: SectionProps) => {
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
      {useCase === 'parking' && <PlaceCounts {...{ all, things }} />}
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
      <Events {...{ things, events, cut }} />
    </section>
  );
};

/** Events of these things, by kind; nothing where there are none. */
const Events = ({ things, events, cut }: Pick<SectionProps, 'things' | 'events' | 'cut'>) => {
  const ids = new Set(things.map(({ id }) => id));
  const own = Map.groupBy(
    events.filter(({ row }) => ids.has(row.thing.id)),
    ({ event }) => event.kind,
  );
  return eventKinds.map((kind) => {
    const some = own.get(kind);
    return some && <EventList key={kind} kind={kind} events={some} isCut={cut.includes(kind)} />;
  });
};

/** The order of the last sorting, until `key` changes. */
const useSettledOrder = (things: readonly Thing[], sort: Sort, key: string): readonly Thing[] => {
  const settled = useRef<{ key: string; ids: readonly string[] }>({ key: '', ids: [] });
  const { current } = settled;
  const ordered = current.key === key ? keptOrder(current.ids, things, sort) : sorted(things, sort);
  settled.current = { key, ids: ordered.map(({ id }) => id) };
  return ordered;
};
