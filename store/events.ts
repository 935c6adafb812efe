import type { EpochMs } from '../model/time.ts';

/** Something that happened at a thing, as a derivation reads it from the observations of one datastream. */
export interface DerivedEvent {
  /** What happened, e.g. `emptying` or `surge`. */
  readonly kind: string;
  readonly thing: string;
  /** Key of the datastream it was read from. */
  readonly datastream: number;
  /** Name of the derivation that found it. */
  readonly derivation: string;
  readonly time: EpochMs;
  /** When it was over; absent for what takes no time. */
  readonly until?: EpochMs;
  /** In the unit of the datastream. */
  readonly value?: number;
  /** Sort or class within the kind, a snake_case word. */
  readonly label: string;
  /** Further figures; times in RFC 3339, names carry the unit. */
  readonly detail: Readonly<Record<string, number | string>>;
  /** Phenomenon time of the newest observation it rests on: who may not see that one may not see the event. */
  readonly evidenceTo: EpochMs;
}

/** What a derivation says of a datastream in [from, to) by event time. */
export interface EventSpan {
  readonly derivation: string;
  readonly datastream: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export interface EventReplacement {
  readonly span: EventSpan;
  readonly events: readonly DerivedEvent[];
}

/** Names an event among all; lists are ordered by it. */
export type EventKey = Pick<DerivedEvent, 'time' | 'datastream' | 'derivation' | 'kind'>;

export interface EventQuery {
  /** From inclusive, to exclusive, both by event time. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly kinds?: readonly string[];
  readonly datastreams?: readonly number[];
  /** Only what comes behind this one. */
  readonly after?: EventKey;
  readonly limit: number;
}

export interface EventReader {
  /** Newest first; of one time by datastream, derivation and kind, the last first. */
  list(query: EventQuery): Promise<DerivedEvent[]>;
}

/** Events by (derivation, datastream, time, kind). Contract suite: store/events.contract.ts. */
export interface EventStore extends EventReader {
  /** What the store holds of the span, in order of time and kind. */
  held(span: EventSpan): Promise<DerivedEvent[]>;
  /** What the store holds of the span afterwards is exactly `events`. HUB_INTERNAL if one of them lies elsewhere. */
  replace(replacement: EventReplacement): Promise<void>;
}

/** A second home of the events, where dashboards read them. */
export interface EventMirror {
  /** Called before the events are written here, and again after a crash in between: must be idempotent. */
  events(replacements: readonly EventReplacement[]): Promise<void>;
}
