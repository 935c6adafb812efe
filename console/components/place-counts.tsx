import { freeByPlace } from '../parking.ts';
import type { Thing } from '../things.ts';
import { shownName, useUi } from './ui.ts';

interface PlaceCountsProps {
  /** All things of the use case, so that a search does not make a place smaller. */
  readonly all: readonly Thing[];
  /** Those that are shown; a place of which none is shown is left out. */
  readonly things: readonly Thing[];
}

/** How many bays are free at each place. */
export const PlaceCounts = ({ all, things }: PlaceCountsProps) => {
  const { t, now } = useUi();
  const shown = new Set(things.map(({ site }) => site?.id));
  const places = freeByPlace(all, now).filter(({ id }) => shown.has(id));
  if (places.length === 0) return null;
  return (
    <ul class="places" aria-label={t.places}>
      {places.map(({ id, name, isSimulated, free, known }) => (
        <li key={id}>
          <span class="places-name">{shownName(name, isSimulated)}</span>
          <span class={free === 0 ? 'places-count is-taken' : 'places-count'}>{t.freeOf(free, known)}</span>
          <span class="places-bar" aria-hidden="true">
            <span style={{ width: `${(100 * free) / known}%` }} />
          </span>
        </li>
      ))}
    </ul>
  );
};
