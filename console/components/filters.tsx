import type { Thing } from '../things.ts';
import type { UrlChange } from '../url-state.ts';
import { useUi } from './ui.ts';

interface FiltersProps {
  readonly things: readonly Thing[];
  readonly query: string;
  readonly municipality: string;
  readonly found: number;
  readonly change: (change: UrlChange) => void;
}

export const Filters = ({ things, query, municipality, found, change }: FiltersProps) => {
  const { t, language } = useUi();
  const names = new Map(
    things.flatMap((thing) => (thing.municipality ? [[thing.municipality.id, thing.municipality.name]] : [])),
  );
  const choices = [...names].sort(([, a], [, b]) => a.localeCompare(b, language));
  const isFiltering = query !== '' || municipality !== '';
  return (
    <search class="filters">
      <label class="field">
        <span>{t.search}</span>
        <input
          type="search"
          value={query}
          placeholder={t.searchHint}
          onInput={(event) => change({ q: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        <span>{t.municipality}</span>
        <select value={municipality} onChange={(event) => change({ municipality: event.currentTarget.value })}>
          <option value="">{t.allMunicipalities}</option>
          {choices.map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p class="found" role="status">
        {isFiltering && (found === 0 ? t.nothingFound : t.found(found))}
      </p>
      {isFiltering && (
        <button type="button" class="quiet" onClick={() => change({ q: '', municipality: '' })}>
          {t.clearFilter}
        </button>
      )}
    </search>
  );
};
