import type { Thing } from '../things.ts';
import { DatastreamRow, Pick, Place } from './cells.tsx';
import { quantityName, shownName, useUi } from './ui.ts';

interface FlatRowProps {
  readonly thing: Thing;
  /** The column head does not say the quantity. */
  readonly namesQuantity: boolean;
}

export const FlatRow = ({ thing, namesQuantity }: FlatRowProps) => {
  const ui = useUi();
  const [row] = thing.rows;
  return (
    <DatastreamRow row={row}>
      <th scope="row" class="col-name">
        <Pick row={row} text={shownName(thing.name, thing.isSimulated)} />
        <Place thing={thing} />
        {namesQuantity && <span class="quantity">{quantityName(row, ui)}</span>}
      </th>
      <td class="col-municipality">{thing.municipality?.name}</td>
    </DatastreamRow>
  );
};
