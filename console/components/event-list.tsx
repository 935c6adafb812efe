import { useState } from 'preact/hooks';
import { wordFor } from '../dictionary.ts';
import { type EventKind, goesOn, type Placed } from '../events.ts';
import { quantityText } from '../format.ts';
import { Pick } from './cells.tsx';
import { shownName, type Ui, useUi } from './ui.ts';

interface EventListProps {
  readonly kind: EventKind;
  readonly events: readonly Placed[];
  /** There are more than are known here. */
  readonly isCut: boolean;
}

const SHOWN_AT_FIRST = 5;
const NBSP = '\u00A0';

/** What happened lately at the things of a use case, the newest first; the older ones on demand. */
export const EventList = ({ kind, events, isCut }: EventListProps) => {
  const { t } = useUi();
  const [showsAll, setShowsAll] = useState(false);
  const { title, columns } = t.events[kind];
  const shown = showsAll ? events : events.slice(0, SHOWN_AT_FIRST);
  const toggle = showsAll ? t.less : t.showAll(events.length);
  const count = isCut ? t.atLeast(events.length) : String(events.length);
  return (
    <section class="events" aria-labelledby={`${kind}-heading`} data-events={kind}>
      <div class="events-head">
        <h4 id={`${kind}-heading`}>
          {title} <small>{count}</small>
        </h4>
        {events.length > SHOWN_AT_FIRST && (
          <button
            type="button"
            class="quiet"
            aria-expanded={showsAll}
            aria-label={`${title}: ${toggle}`}
            onClick={() => setShowsAll(!showsAll)}
          >
            {toggle}
          </button>
        )}
      </div>
      <table class={`event-table is-${kind}`} aria-labelledby={`${kind}-heading`}>
        <thead>
          <tr>
            <th scope="col">{t.columns.thing}</th>
            <th scope="col">{columns.label}</th>
            <th scope="col">{columns.begin}</th>
            {columns.end !== '' && <th scope="col">{columns.end}</th>}
            <th scope="col" class="event-value">
              {columns.value}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((placed) => (
            <EventRow key={`${placed.row.id} ${placed.event.time}`} placed={placed} />
          ))}
        </tbody>
      </table>
    </section>
  );
};

const EventRow = ({ placed }: { placed: Placed }) => {
  const ui = useUi();
  const { t } = ui;
  const { event, row } = placed;
  const { columns, before } = t.events[event.kind];
  return (
    <tr>
      <th scope="row">
        <Pick row={row} text={shownName(row.thing.name, row.thing.simulated)} />
        {row.municipality && <span class="place">{row.municipality.name}</span>}
      </th>
      <td class={`event-label is-${event.label}`}>{wordFor(t.eventLabels, event.label)}</td>
      <td class="event-begin">
        <Moment at={event.time} />
      </td>
      {columns.end !== '' && (
        <td class="event-end">
          {goesOn(placed) ? (
            t.goesOn
          ) : (
            <>
              <span class="narrow-word">{t.until} </span>
              {event.until !== undefined && <Moment at={event.until} />}
            </>
          )}
        </td>
      )}
      <td class="event-value">
        {/* Where the column heads are out of sight. */}
        <span class="narrow-word">{before} </span>
        {figureOf(placed, ui)}
      </td>
    </tr>
  );
};

const Moment = ({ at }: { at: number }) => {
  const { time } = useUi();
  return (
    <time dateTime={new Date(at).toISOString()} title={time.full(at)}>
      {time.day(at).replaceAll(' ', NBSP)} {time.clock(at)}
    </time>
  );
};

const figureOf = ({ event: { value }, row }: Placed, { language, properties }: Ui): string =>
  value === undefined ? '' : quantityText({ ...row, value }, language, properties.get(row.property));
