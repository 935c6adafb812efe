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
  readonly unit: string;
  /** Seconds since the measurement, by the hub's clock. */
  readonly ageS: number;
  readonly useCase: string;
  readonly thing: Named & { readonly simulated: boolean };
  readonly site?: Named;
  readonly municipality?: Named;
}

export interface LiveObservation extends Judged {
  readonly datastream: string;
}

export interface Datastream {
  readonly id: string;
  readonly channel?: string;
  readonly delayMinutes: number;
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
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

interface ObservationsPage {
  readonly observations: readonly Judged[];
  readonly next?: string;
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

const getJson = async <T>(path: string, signal?: AbortSignal): Promise<T> => {
  let response: Response;
  try {
    response = await fetch(path, { headers: { accept: 'application/json' }, ...(signal && { signal }) });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, 'no answer', { cause });
  }
  if (response.ok) return (await response.json()) as T;
  const problem = (await response.json().catch(() => ({}))) as { title?: string; code?: string };
  throw new ApiError(response.status, [problem.code, problem.title].filter(Boolean).join(': '));
};

const getAll = async <T>(path: string): Promise<T[]> => {
  const items: T[] = [];
  let next: string | undefined = path;
  for (let page = 0; next !== undefined && page < MAX_PAGES; page++) {
    const answer: Page<T> = await getJson<Page<T>>(next);
    items.push(...answer.items);
    next = answer.next;
  }
  return items;
};

export const api = {
  latest: () => getAll<LatestValue>('/api/v1/latest?limit=1000'),
  datastreams: () => getAll<Datastream>('/api/v1/datastreams?limit=1000'),
  observedProperties: () => getAll<ObservedProperty>('/api/v1/observed-properties?limit=1000'),
  health: () => getJson<Health>('/health'),
};

export type Api = typeof api;

/** Without `from`, the API answers the last 24 hours; values that failed a test are left out. */
export const observationsPath = (datastream: string): string =>
  `/api/v1/datastreams/${encodeURIComponent(datastream)}/observations`;

/** The last 24 hours of a datastream in order of time. */
export const getDay = async (datastream: string, signal: AbortSignal): Promise<Judged[]> => {
  const observations: Judged[] = [];
  let next: string | undefined = observationsPath(datastream);
  for (let page = 0; next !== undefined && page < MAX_PAGES; page++) {
    const answer: ObservationsPage = await getJson<ObservationsPage>(next, signal);
    observations.push(...answer.observations);
    next = answer.next;
  }
  return observations;
};
