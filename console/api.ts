/** What the hub answers (see its OpenAPI description), and how it is asked. Times are RFC 3339. */

export type Quality = 'pass' | 'notEvaluated' | 'suspect' | 'fail' | 'missing';

export interface Judged {
  readonly value: number | null;
  readonly quality: Quality;
  readonly failedTests: readonly string[];
  readonly phenomenonTime: string;
}

export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface LatestValue extends Judged {
  readonly datastream: string;
  readonly property: string;
  readonly channel?: string;
  readonly unit: string;
  /** Seconds since the measurement, by the hub's clock. */
  readonly ageS: number;
  /** Values become visible when they are this old. */
  readonly delayMinutes: number;
  /** Seconds between two reports of the device, as its profile says. */
  readonly reportingIntervalS?: number;
  readonly useCase: string;
  readonly thing: Named & { readonly simulated: boolean };
  readonly site?: Named;
  readonly municipality?: Named;
}

export interface LiveObservation extends Judged {
  readonly datastream: string;
}

/** What happened at a thing, as the hub read it from its values. */
export interface HubEvent {
  readonly kind: string;
  readonly label: string;
  readonly time: string;
  /** Absent for what takes no time. */
  readonly until?: string;
  /** The figure that matters most, in the unit of the datastream. */
  readonly value?: number;
  readonly datastream: string;
}

export interface ObservedProperty {
  readonly id: string;
  readonly name: Readonly<Record<string, string>>;
  /** The unit as people read it. */
  readonly symbol: string;
  /** Meaning of the values of a state. */
  readonly codes?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Health {
  readonly version: string;
  readonly demo: boolean;
  /** IANA name of the region's time zone. */
  readonly timeZone?: string;
}

interface Page {
  /** Path of the page that follows. */
  readonly next?: string;
}

export interface EventsPage extends Page {
  readonly items: readonly HubEvent[];
}

interface ItemsPage<T> extends Page {
  readonly items: readonly T[];
}

interface ObservationsPage extends Page {
  readonly observations: readonly Judged[];
}

/** The hub refused or could not be reached; status 0 stands for the latter. */
export class ApiError extends Error {
  declare readonly status: number;
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiError';
    this.status = status;
  }
}

/** Pages followed at most: 20,000 values are more than anybody reads on one page. */
const MAX_PAGES = 20;
/** On a line that died unnoticed an answer may never come. */
const TIMEOUT_MS = 30_000;

const getJson = async <T>(path: string, signal?: AbortSignal): Promise<T> => {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(path, {
      headers: { accept: 'application/json' },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (response.ok) return (await response.json()) as T;
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, 'no answer', { cause });
  }
  const problem = (await response.json().catch(() => ({}))) as { title?: string; code?: string };
  throw new ApiError(response.status, [problem.code, problem.title].filter(Boolean).join(': '));
};

const getPages = async <P extends Page>(path: string, signal?: AbortSignal): Promise<P[]> => {
  const pages: P[] = [];
  let next: string | undefined = path;
  while (next !== undefined && pages.length < MAX_PAGES) {
    const page: P = await getJson<P>(next, signal);
    pages.push(page);
    next = page.next;
  }
  return pages;
};

const getItems = async <T>(path: string): Promise<T[]> =>
  (await getPages<ItemsPage<T>>(path)).flatMap(({ items }) => items);

/** Throws ApiError. */
export const api = {
  latest: () => getItems<LatestValue>('/api/v1/latest?limit=1000'),
  observedProperties: () => getItems<ObservedProperty>('/api/v1/observed-properties?limit=1000'),
  health: () => getJson<Health>('/health'),
};

export type Api = typeof api;

/** Without `from`, the API answers the last 24 hours; values that failed a test are left out. */
export const observationsPath = (datastream: string): string =>
  `/api/v1/datastreams/${encodeURIComponent(datastream)}/observations`;

/** The last 24 hours of a datastream in order of time. Throws ApiError, or what the signal was aborted with. */
export const getDay = async (datastream: string, signal: AbortSignal): Promise<Judged[]> =>
  (await getPages<ObservationsPage>(observationsPath(datastream), signal)).flatMap(({ observations }) => observations);

/** More events of one kind are not shown. */
const MAX_EVENTS = 200;

/** Events of a kind since then, the newest first; no more than one page of them. Throws ApiError. */
export const getEvents = (kind: string, since: number, signal: AbortSignal): Promise<EventsPage> => {
  const query = new URLSearchParams({ kind, from: new Date(since).toISOString(), limit: String(MAX_EVENTS) });
  return getJson<EventsPage>(`/api/v1/events?${query}`, signal);
};
