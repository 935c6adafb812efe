import type { HubEvent } from './api.ts';
import { type Row, type Rows, validValue } from './rows.ts';

const DAY_MS = 86_400_000;

/** Kinds of events that the page shows, and how far back. */
export const eventSpansMs = { emptying: DAY_MS, surge: 30 * DAY_MS } as const;
export type EventKind = keyof typeof eventSpansMs;
export const eventKinds = Object.keys(eventSpansMs) as readonly EventKind[];

/** An event with times in epoch ms. */
export interface Happening {
  readonly kind: EventKind;
  readonly label: string;
  readonly time: number;
  readonly until?: number;
  readonly value?: number;
  readonly datastream: string;
}

export interface Happenings {
  /** The newest first. */
  readonly events: readonly Happening[];
  /** Kinds of which there are more than were asked for. */
  readonly cut: readonly EventKind[];
}

export const happeningOf = (kind: EventKind, { label, time, until, value, datastream }: HubEvent): Happening => ({
  kind,
  label,
  time: Date.parse(time),
  ...(until !== undefined && { until: Date.parse(until) }),
  ...(value !== undefined && { value }),
  datastream,
});

/** An event at a datastream that the page knows. */
export interface Placed {
  readonly event: Happening;
  readonly row: Row;
}

/** Events of the page's span whose datastream is known. */
export const placed = ({ events }: Happenings, rows: Rows, now: number): Placed[] =>
  events.flatMap((event) => {
    const row = rows.get(event.datastream);
    return row && event.time >= now - eventSpansMs[event.kind] ? [{ event, row }] : [];
  });

/** The newest value still belongs to it. */
export const goesOn = ({ event: { until }, row }: Placed): boolean =>
  until !== undefined && validValue(row) !== undefined && row.time <= until;
