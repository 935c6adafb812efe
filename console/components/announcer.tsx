import { useEffect, useRef, useState } from 'preact/hooks';
import { wordFor } from '../dictionary.ts';
import type { Placed } from '../events.ts';
import type { HubState } from '../hub-model.ts';
import { rowText, shownName, type Ui, useUi } from './ui.ts';

const EVERY_MS = 30_000;
const MIN_GAP_MS = 10_000;

interface AnnouncerProps {
  readonly state: HubState;
  /** The newest first; undefined before they are known. */
  readonly events: readonly Placed[] | undefined;
}

/**
 * What a screen reader hears of all that moves: a change of the connection, what happened, and at times how many values
 * came. Tables themselves stay silent.
 */
export const Announcer = ({ state, events }: AnnouncerProps) => {
  const ui = useUi();
  const [text, setText] = useState('');
  const said = useRef({ at: Date.now(), arrived: 0, connection: state.connection });
  /** Time of the newest event that was there at the beginning or was spoken of. */
  const known = useRef<number | undefined>(undefined);
  const latest = useRef({ state, ui, events });
  latest.current = { state, ui, events };
  useEffect(() => {
    const timer = setInterval(() => {
      const { state: current, ui: speech, events: happened } = latest.current;
      const { at, arrived, connection } = said.current;
      const now = Date.now();
      if (current.connection !== connection && now - at >= MIN_GAP_MS) {
        said.current = { at: now, arrived, connection: current.connection };
        setText(speech.t.connection[current.connection]);
        return;
      }
      const newest = happened?.[0]?.event.time ?? 0;
      const before = known.current ?? newest;
      if (happened && (newest === before || now - at >= MIN_GAP_MS)) known.current = newest;
      if (happened && newest > before && now - at >= MIN_GAP_MS) {
        said.current = { at: now, arrived, connection };
        setText(happenedText(happened, before, speech));
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

const happenedText = (events: readonly Placed[], since: number, { t }: Ui): string => {
  const fresh = events.filter(({ event }) => event.time > since);
  const [first] = fresh;
  if (!first) return '';
  const { thing } = first.row;
  return t.happened(
    fresh.length,
    `${shownName(thing.name, thing.simulated)}, ${wordFor(t.eventLabels, first.event.label)}`,
  );
};
