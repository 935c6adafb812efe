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

/**
 * The hub's live stream. EventSource resumes by itself after a break; where the hub refused it (all places taken, too
 * many requests) it gives up, and a new one is opened here from the last event seen.
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

  constructor({ connect }: LiveOptions) {
    this.#connect = connect;
  }

  start(): void {
    this.#open();
  }

  stop(): void {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#batchTimer);
    this.#source?.close();
    this.#source = undefined;
  }

  /** Opens the stream anew, from the last event seen. */
  restart(): void {
    this.stop();
    this.#flush();
    this.#open();
  }

  /** The machine has no network. */
  setOffline(): void {
    this.stop();
    this.#flush();
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
        if (source !== this.#source) return;
        if (event.lastEventId) this.#lastEventId = event.lastEventId;
        act(event);
      });
    on('open', () => this.#opened());
    on('ready', () => this.#opened());
    on('observation', ({ data }) => this.#take(data));
    on('reset', () => {
      this.#opened();
      for (const listener of this.#listeners) listener.reset?.();
    });
    on('error', () => this.#broken(source));
  }

  #opened(): void {
    this.#retryMs = FIRST_RETRY_MS;
    this.#say('open');
  }

  #broken(source: EventStream): void {
    this.#say('lost');
    if (source.readyState !== CLOSED) return;
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

const parseObservation = (data: string): LiveObservation | undefined => {
  try {
    const parsed = JSON.parse(data) as Partial<LiveObservation> | null;
    const isWhole =
      typeof parsed?.datastream === 'string' && Number.isFinite(Date.parse(parsed.phenomenonTime ?? 'none'));
    return isWhole ? (parsed as LiveObservation) : undefined;
  } catch {
    return undefined;
  }
};
