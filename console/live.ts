import type { LiveObservation } from './api.ts';

export type Connection = 'connecting' | 'open' | 'lost' | 'offline';

export interface LiveListener {
  observations?(batch: readonly LiveObservation[]): void;
  /** Something was missed that the hub no longer holds: load again. */
  reset?(): void;
  connection?(state: Connection): void;
}

/** The part of EventSource that is used; tests bring their own. */
export interface EventStream {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface LiveOptions {
  readonly connect: (url: string) => EventStream;
}

const CLOSED = 2;
/** Events are handed on together, so that a burst draws the page once. */
const BATCH_MS = 200;
const FIRST_RETRY_MS = 3_000;
const LAST_RETRY_MS = 30_000;
/** Heartbeats that may fail to come before the line counts as dead. */
const SILENT_BEATS = 3;

/**
 * The hub's live stream. EventSource resumes by itself after a break; where the hub refused it (all places taken, too
 * many requests) it gives up, and a line that dies silently it does not notice at all: then a new one is opened here from
 * the last event seen.
 */
export class LiveFeed {
  readonly #connect: LiveOptions['connect'];
  readonly #listeners = new Set<LiveListener>();
  #source: EventStream | undefined;
  #connection: Connection = 'connecting';
  #lastEventId = '';
  #queue: LiveObservation[] = [];
  #batchTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #retryMs = FIRST_RETRY_MS;
  #silenceTimer: ReturnType<typeof setTimeout> | undefined;
  /** As the hub says; undefined while it has not. */
  #heartbeatMs: number | undefined;

  constructor({ connect }: LiveOptions) {
    this.#connect = connect;
  }

  /** Opens the stream, or opens it anew from the last event seen. */
  start(): void {
    this.#close();
    this.#say('connecting');
    this.#open();
  }

  /** The machine has no network. */
  setOffline(): void {
    this.#close();
    this.#say('offline');
  }

  subscribe(listener: LiveListener): () => void {
    this.#listeners.add(listener);
    listener.connection?.(this.#connection);
    return () => this.#listeners.delete(listener);
  }

  #open(): void {
    const resume = this.#lastEventId === '' ? '' : `?lastEventId=${encodeURIComponent(this.#lastEventId)}`;
    const source = this.#connect(`/api/v1/live${resume}`);
    this.#source = source;
    const on = (type: string, act: (event: MessageEvent<string>) => void) =>
      source.addEventListener(type, (event) => {
        if (source === this.#source) act(event);
      });
    /** Whatever comes shows that the line lives. */
    const onLife = (type: string, act?: (event: MessageEvent<string>) => void) =>
      on(type, (event) => {
        if (event.lastEventId) this.#lastEventId = event.lastEventId;
        this.#retryMs = FIRST_RETRY_MS;
        this.#say('open');
        act?.(event);
        this.#awaitSign();
      });
    onLife('open');
    onLife('ready', ({ data }) => this.#learnHeartbeat(data));
    onLife('heartbeat');
    onLife('observation', ({ data }) => this.#take(data));
    onLife('reset', ({ data }) => {
      this.#learnHeartbeat(data);
      for (const listener of this.#listeners) listener.reset?.();
    });
    on('error', () => this.#broken(source));
    this.#awaitSign();
  }

  #close(): void {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#silenceTimer);
    this.#source?.close();
    this.#source = undefined;
    this.#flush();
  }

  #learnHeartbeat(data: string): void {
    const heartbeatS = parsed<{ heartbeatS: number }>(data)?.heartbeatS;
    this.#heartbeatMs = typeof heartbeatS === 'number' && heartbeatS > 0 ? heartbeatS * 1000 : undefined;
  }

  #awaitSign(): void {
    clearTimeout(this.#silenceTimer);
    if (this.#heartbeatMs === undefined) return;
    this.#silenceTimer = setTimeout(() => {
      this.#close();
      this.#say('lost');
      this.#open();
    }, SILENT_BEATS * this.#heartbeatMs);
  }

  #broken(source: EventStream): void {
    this.#say('lost');
    if (source.readyState !== CLOSED) return;
    clearTimeout(this.#silenceTimer);
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#open(), this.#retryMs);
    this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
  }

  #take(data: string): void {
    const observation = parseObservation(data);
    if (!observation) return;
    this.#queue.push(observation);
    this.#batchTimer ??= setTimeout(() => this.#flush(), BATCH_MS);
  }

  #flush(): void {
    clearTimeout(this.#batchTimer);
    this.#batchTimer = undefined;
    const batch = this.#queue;
    if (batch.length === 0) return;
    this.#queue = [];
    for (const listener of this.#listeners) listener.observations?.(batch);
  }

  #say(state: Connection): void {
    if (state === this.#connection) return;
    this.#connection = state;
    for (const listener of this.#listeners) listener.connection?.(state);
  }
}

const parsed = <T>(data: string): Partial<T> | undefined => {
  try {
    return (JSON.parse(data) as Partial<T> | null) ?? undefined;
  } catch {
    return undefined;
  }
};

const parseObservation = (data: string): LiveObservation | undefined => {
  const observation = parsed<LiveObservation>(data);
  const isWhole =
    typeof observation?.datastream === 'string' && Number.isFinite(Date.parse(observation.phenomenonTime ?? 'none'));
  return isWhole ? (observation as LiveObservation) : undefined;
};
