import { isStale } from '../freshness.ts';
import type { Thing } from '../things.ts';
import { AgeCell, Pick, Place, QualityCell, ValueCell } from './cells.tsx';
import { quantityName, shownName, useUi } from './ui.ts';

interface FlatRowProps {
  readonly thing: Thing;
  /** The column head does not say the quantity. */
  readonly namesQuantity: boolean;
}

export const FlatRow = ({ thing, namesQuantity }: FlatRowProps) => {
  const ui = useUi();
  const [row] = thing.rows;
  const states = [ui.selected === row.id && 'is-selected', isStale(row, ui.now) && 'is-stale'].filter(Boolean);
  return (
    <tr class={states.join(' ')} data-datastream={row.id}>
      <th scope="row" class="col-name">
        <Pick row={row} text={shownName(thing.name, thing.isSimulated)} />
        <Place thing={thing} />
        {namesQuantity && <span class="quantity">{quantityName(row, ui)}</span>}
      </th>
      <td class="col-municipality">{thing.municipality?.name}</td>
      <ValueCell row={row} />
      <AgeCell row={row} />
      <QualityCell row={row} />
    </tr>
  );
};
