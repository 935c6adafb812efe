import { type Api, ApiError, type Health, type LiveObservation, type ObservedProperty } from './api.ts';
import type { Connection, LiveFeed } from './live.ts';
import { mergeLive, type Rows, rowsOf } from './rows.ts';

export interface HubState {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly rows: Rows;
  readonly properties: ReadonlyMap<string, ObservedProperty>;
  readonly health: Health | undefined;
  readonly connection: Connection;
  /** Why the last loading failed; what was loaded before is still shown. */
  readonly error: ApiError | undefined;
  /** The hub's clock minus this machine's, in ms. */
  readonly clockOffsetMs: number;
  /** Values that arrived live since the page was opened. */
  readonly arrived: number;
  /** Datastream of the newest arrival. */
  readonly newest: string | undefined;
}

const initial: HubState = {
  phase: 'loading',
  rows: new Map(),
  properties: new Map(),
  health: undefined,
  connection: 'connecting',
  error: undefined,
  clockOffsetMs: 0,
  arrived: 0,
  newest: undefined,
};

/** Values of delayed datasets never come live, and judgements change later: look again now and then. */
const REFRESH_MS = 120_000;
const RETRY_MS = 10_000;
/** Between loadings because of datastreams that are new here. */
const NEWCOMERS_MS = 5_000;

interface HubModelOptions {
  readonly api: Api;
  readonly feed: LiveFeed;
  readonly clock: () => number;
}

/** All the page knows of the hub: loaded once, kept up by live events, loaded again where events do not suffice. */
export class HubModel {
  readonly #options: HubModelOptions;
  readonly #listeners = new Set<() => void>();
  #state = initial;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  /** Events since the present loading was asked for; undefined when none is under way. */
  #meanwhile: LiveObservation[] | undefined;
  /** Something was missed while loading: what is on its way may be too old. */
  #isOutdated = false;
  /** Datastreams that were loaded for because an event named them; not all must come (see MAX_PAGES). */
  readonly #askedFor = new Set<string>();

  constructor(options: HubModelOptions) {
    this.#options = options;
  }

  get state(): HubState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.#options.feed.subscribe({
      observations: (batch) => this.#take(batch),
      reset: () => this.#reset(),
      connection: (connection) => this.#set({ connection }),
    });
    void this.load();
  }

  /** Never throws: what went wrong is in the state. */
  async load(): Promise<void> {
    if (this.#meanwhile) return;
    this.#meanwhile = [];
    try {
      await this.#loadAll(this.#options.api);
      this.#loadAgainIn(REFRESH_MS);
    } catch (thrown) {
      const error = thrown instanceof ApiError ? thrown : new ApiError(0, String(thrown), { cause: thrown });
      this.#meanwhile = undefined;
      this.#set({ phase: this.#state.phase === 'ready' ? 'ready' : 'failed', error });
      this.#loadAgainIn(RETRY_MS);
    }
    if (!this.#isOutdated) return;
    this.#isOutdated = false;
    await this.load();
  }

  async #loadAll(api: Api): Promise<void> {
    const { properties: known, rows: before } = this.#state;
    const [latest, properties, health] = await Promise.all([
      api.latest(),
      known.size > 0 ? known : api.observedProperties().then((list) => new Map(list.map((entry) => [entry.id, entry]))),
      api.health(),
    ]);
    const events = this.#meanwhile ?? [];
    this.#meanwhile = undefined;
    const [first] = latest;
    const { clock } = this.#options;
    const { rows, unknown } = mergeLive(rowsOf(latest, before), events);
    this.#set({
      phase: 'ready',
      rows,
      properties,
      health,
      error: undefined,
      ...(first && { clockOffsetMs: Date.parse(first.phenomenonTime) + first.ageS * 1000 - clock() }),
    });
    this.#askFor(unknown);
  }

  #take(batch: readonly LiveObservation[]): void {
    this.#meanwhile?.push(...batch);
    const { rows, unknown } = mergeLive(this.#state.rows, batch);
    const newest = batch.findLast(({ datastream }) => rows.has(datastream))?.datastream;
    this.#set({ rows, arrived: this.#state.arrived + batch.length, newest: newest ?? this.#state.newest });
    if (!this.#meanwhile) this.#askFor(unknown);
  }

  /** Once for each: what a loading does not bring waits for the usual refreshing. */
  #askFor(unknown: readonly LiveObservation[]): void {
    const asked = this.#askedFor.size;
    for (const { datastream } of unknown) this.#askedFor.add(datastream);
    if (this.#askedFor.size > asked) this.#loadAgainIn(NEWCOMERS_MS);
  }

  #reset(): void {
    if (this.#meanwhile) this.#isOutdated = true;
    else void this.load();
  }

  /** Moves the next loading forward, never back. */
  #loadAgainIn(delayMs: number): void {
    const { clock } = this.#options;
    const dueAt = clock() + delayMs;
    if (this.#dueAt > clock() && this.#dueAt <= dueAt) return;
    this.#dueAt = dueAt;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), delayMs);
  }

  #set(change: Partial<HubState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
