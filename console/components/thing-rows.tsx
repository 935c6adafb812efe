import { useState } from 'preact/hooks';
import { isStale } from '../freshness.ts';
import { firstRows, type Thing } from '../things.ts';
import { AgeCell, Pick, Place, QualityCell, ValueCell } from './cells.tsx';
import { quantityName, shownName, useUi } from './ui.ts';

/** A thing with several datastreams: its name, then a line for each; the lesser ones on demand. */
export const ThingRows = ({ thing }: { thing: Thing }) => {
  const ui = useUi();
  const [isOpen, setIsOpen] = useState(false);
  const first = firstRows(thing);
  const others = thing.rows.length - first.length;
  const isHidden =
    !isOpen && thing.rows.some(({ id }) => id === ui.selected) && !first.some(({ id }) => id === ui.selected);
  const rows = isOpen || isHidden ? thing.rows : first;
  const name = shownName(thing.name, thing.isSimulated);
  return (
    <tbody>
      <tr class="thing">
        <th scope="rowgroup" colSpan={4}>
          <span class="thing-line">
            <span class="thing-name">
              {name}
              {thing.municipality && <span class="thing-municipality">{thing.municipality.name}</span>}
              <Place thing={thing} />
            </span>
            {others > 0 && (
              <button
                type="button"
                class="quiet"
                aria-expanded={rows.length > first.length}
                aria-label={`${name}: ${rows.length > first.length ? ui.t.less : ui.t.more(others)}`}
                onClick={() => setIsOpen(!isOpen)}
              >
                {rows.length > first.length ? ui.t.less : ui.t.more(others)}
              </button>
            )}
          </span>
        </th>
      </tr>
      {rows.map((row) => {
        const states = [ui.selected === row.id && 'is-selected', isStale(row, ui.now) && 'is-stale'].filter(Boolean);
        return (
          <tr key={row.id} class={states.join(' ')} data-datastream={row.id}>
            <th scope="row" class="col-name">
              <Pick row={row} text={quantityName(row, ui)} />
            </th>
            <ValueCell row={row} />
            <AgeCell row={row} />
            <QualityCell row={row} />
          </tr>
        );
      })}
    </tbody>
  );
};
