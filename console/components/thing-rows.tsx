import { useState } from 'preact/hooks';
import { firstRows, type Thing } from '../things.ts';
import { DatastreamRow, Pick, Place } from './cells.tsx';
import { quantityName, shownName, useUi } from './ui.ts';

/** A thing with several datastreams: its name, then a line for each; the lesser ones on demand. */
export const ThingRows = ({ thing }: { thing: Thing }) => {
  const ui = useUi();
  const [isOpen, setIsOpen] = useState(false);
  const first = firstRows(thing, ui.selected);
  const others = thing.rows.length - first.length;
  const rows = isOpen ? thing.rows : first;
  const toggle = isOpen ? ui.t.less : ui.t.more(others);
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
                aria-expanded={isOpen}
                aria-label={`${name}: ${toggle}`}
                onClick={() => setIsOpen(!isOpen)}
              >
                {toggle}
              </button>
            )}
          </span>
        </th>
      </tr>
      {rows.map((row) => (
        <DatastreamRow key={row.id} row={row}>
          <th scope="row" class="col-name">
            <Pick row={row} text={quantityName(row, ui)} />
          </th>
        </DatastreamRow>
      ))}
    </tbody>
  );
};
