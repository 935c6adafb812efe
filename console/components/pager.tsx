import { useUi } from './ui.ts';

interface PagerProps {
  readonly page: number;
  readonly perPage: number;
  readonly count: number;
  readonly showsAll: boolean;
  readonly setPage: (page: number) => void;
  readonly setShowsAll: (showsAll: boolean) => void;
  /** Whose pages these are. */
  readonly name: string;
}

export const Pager = ({ page, perPage, count, showsAll, setPage, setShowsAll, name }: PagerProps) => {
  const { t } = useUi();
  if (count <= perPage) return null;
  const last = Math.ceil(count / perPage) - 1;
  const from = page * perPage + 1;
  return (
    <nav class="pager" aria-label={name}>
      {!showsAll && (
        <>
          <span>{t.range(from, Math.min(count, from + perPage - 1), count)}</span>
          <button type="button" disabled={page === 0} onClick={() => setPage(page - 1)}>
            {t.previous}
          </button>
          <button type="button" disabled={page >= last} onClick={() => setPage(page + 1)}>
            {t.next}
          </button>
        </>
      )}
      <button type="button" class="quiet" onClick={() => setShowsAll(!showsAll)}>
        {showsAll ? t.showPages : t.showAll(count)}
      </button>
    </nav>
  );
};
