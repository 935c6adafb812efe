import { useEffect, useRef, useState } from 'preact/hooks';
import type { HubState } from '../hub-model.ts';
import { rowText, shownName, useUi } from './ui.ts';

const EVERY_MS = 30_000;
const MIN_GAP_MS = 10_000;

/**
 * What a screen reader hears of all that moves: a change of the connection, and at times how many values came. Tables
 * themselves stay silent.
 */
export const Announcer = ({ state }: { state: HubState }) => {
  const ui = useUi();
  const [text, setText] = useState('');
  const said = useRef({ at: Date.now(), arrived: 0, connection: state.connection });
  const latest = useRef({ state, ui });
  latest.current = { state, ui };
  useEffect(() => {
    const timer = setInterval(() => {
      const { state: current, ui: speech } = latest.current;
      const { at, arrived, connection } = said.current;
      const now = Date.now();
      if (current.connection !== connection && now - at >= MIN_GAP_MS) {
        said.current = { at: now, arrived, connection: current.connection };
        setText(speech.t.connection[current.connection]);
        return;
      }
      const row = current.rows.get(current.newest ?? '');
      if (!row || current.arrived === arrived || now - at < EVERY_MS) return;
      said.current = { at: now, arrived: current.arrived, connection };
      const name = shownName(row.thing.name, row.thing.simulated);
      setText(speech.t.arrived(current.arrived - arrived, `${name} ${rowText(row, speech)}`));
    }, 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="visually-hidden" role="status" data-announcer>
      {text}
    </p>
  );
};
