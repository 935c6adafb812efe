import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { chunksToLinesIterable, HttpError, InfluxDB } from '@influxdata/influxdb-client';
import { HubError } from '../../model/errors.ts';

/** Where the InfluxDB 2.x server is and what the hub may do there. */
export interface InfluxSettings {
  readonly url: string;
  readonly org: string;
  /** Bucket of the observations; `<bucket>_derived` and `<bucket>_hub` stand beside it. */
  readonly bucket: string;
  readonly token: string;
  /** PEM file of the authority that signed the server's certificate, where the system does not know it. */
  readonly caFile?: string | undefined;
  /** Milliseconds until a request counts as failed. */
  readonly timeoutMs: number;
  /** Compress what is written. */
  readonly gzip: boolean;
}

/** Answer to a write: stored, or what the server said against it. */
export type WriteAnswer = 'stored' | { readonly status: 400 | 413 | 422; readonly words: string };

interface QueryResult {
  readonly statement_id: number;
  readonly error?: string;
  readonly series?: readonly Series[];
}

/** A table of InfluxQL's answer: rows of the columns, for one set of tags. */
export interface Series {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | boolean | null)[])[];
}

export type QueryParameters = Readonly<Record<string, string | number>>;

/** Rows that the server puts into one chunk of an answer. */
const CHUNK_ROWS = 5_000;
/** Below this size compressing costs more than it saves. */
const GZIP_FROM_BYTES = 1_000;

/** The server's own words, out of its JSON answer where it is one. */
const wordsOf = (error: HttpError): string => {
  const json = error.json as { message?: string; error?: string } | undefined;
  return (json?.message ?? json?.error ?? error.body ?? error.statusMessage ?? 'no reason given').slice(0, 500);
};

/** A failed request as the hub's own error: come back later, or somebody has to help. */
const asStoreError = (thrown: unknown, url: string): HubError => {
  if (thrown instanceof HubError) return thrown;
  if (!(thrown instanceof HttpError)) {
    const reason = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    return new HubError('HUB_STORE_UNAVAILABLE', `InfluxDB at ${url} does not answer: ${reason}`, { cause: thrown });
  }
  const { statusCode } = thrown;
  const told = `InfluxDB at ${url} answers ${statusCode}: ${wordsOf(thrown)}`;
  if (statusCode === 401 || statusCode === 403 || statusCode === 404) {
    return new HubError('HUB_STORE_REFUSED', told, { cause: thrown });
  }
  const retryAfterMs = thrown.retryAfter();
  return new HubError('HUB_STORE_UNAVAILABLE', told, {
    cause: thrown,
    ...(retryAfterMs > 0 && { retryAfterMs }),
  });
};

/** Speaks HTTP with one InfluxDB server: one awaited request at a time, each with a time limit. */
export class InfluxConnection {
  readonly #settings: InfluxSettings;
  readonly #transport: InfluxDB['transport'];
  readonly #agent: HttpAgent | HttpsAgent;

  constructor(settings: InfluxSettings) {
    this.#settings = settings;
    const { url, token, caFile } = settings;
    const options = { keepAlive: true, maxSockets: 8 };
    this.#agent = url.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
    const transportOptions = { agent: this.#agent, ...(caFile !== undefined && { ca: readFileSync(caFile) }) };
    // Its own time limit watches silence of the socket only and lets go of nothing: ours ends the request.
    this.#transport = new InfluxDB({ url, token, timeout: 0, transportOptions }).transport;
  }

  get settings(): InfluxSettings {
    return this.#settings;
  }

  /** Writes lines of line protocol with times in milliseconds. Throws HUB_STORE_UNAVAILABLE, HUB_STORE_REFUSED. */
  async write(bucket: string, lines: string): Promise<WriteAnswer> {
    const { org, gzip } = this.#settings;
    const path = `/api/v2/write?${new URLSearchParams({ org, bucket, precision: 'ms' }).toString()}`;
    const options = {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      ...(gzip && { gzipThreshold: GZIP_FROM_BYTES }),
    };
    let status: number | undefined;
    try {
      await this.#within((signal) =>
        this.#transport.request(path, lines, { ...options, signal }, (_, code) => (status = code)),
      );
    } catch (thrown) {
      if (thrown instanceof HttpError) {
        const { statusCode } = thrown;
        if (statusCode === 400 || statusCode === 413 || statusCode === 422) {
          return { status: statusCode, words: wordsOf(thrown) };
        }
      }
      throw asStoreError(thrown, this.#settings.url);
    }
    if (status !== 204) {
      throw new HubError('HUB_STORE_UNAVAILABLE', `InfluxDB answers a write with ${status} instead of 204`);
    }
    return 'stored';
  }

  /**
   * Runs InfluxQL statements, several divided by `;`, and streams their answers. Values belong into parameters (`$name`):
   * the server binds them, nothing is pasted.
   */
  async *query(
    statements: string,
    parameters: QueryParameters = {},
  ): AsyncGenerator<{ readonly statement: number; readonly series: Series }> {
    const { bucket, url } = this.#settings;
    const path = `/query?${new URLSearchParams({ db: bucket, epoch: 'ms', chunked: 'true', chunk_size: String(CHUNK_ROWS) }).toString()}`;
    const body = new URLSearchParams({ q: statements, params: JSON.stringify(parameters) }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const deadline = this.#deadline();
    try {
      const chunks = this.#transport.iterate(path, body, { method: 'POST', headers, signal: deadline.signal });
      for await (const line of chunksToLinesIterable(chunks)) {
        if (line.trim() === '') continue;
        const answer = JSON.parse(line) as { error?: string; results?: readonly QueryResult[] };
        if (answer.error !== undefined) throw new HubError('HUB_STORE_UNAVAILABLE', `InfluxDB: ${answer.error}`);
        for (const { error, series = [], statement_id: statement } of answer.results ?? []) {
          if (error !== undefined) throw new HubError('HUB_STORE_UNAVAILABLE', `InfluxDB: ${error}`);
          for (const one of series) yield { statement, series: one };
        }
      }
    } catch (thrown) {
      throw asStoreError(thrown, url);
    } finally {
      deadline.end();
    }
  }

  /** Removes the points of a predicate from `from` to `to`, both inclusive, epoch milliseconds. */
  async delete(
    bucket: string,
    { from, to, predicate }: { from: number; to: number; predicate: string },
  ): Promise<void> {
    const { org } = this.#settings;
    await this.call('POST', `/api/v2/delete?${new URLSearchParams({ org, bucket }).toString()}`, {
      start: new Date(from).toISOString(),
      // The end is inclusive, and points stand at whole milliseconds.
      stop: new Date(to).toISOString(),
      predicate,
    });
  }

  /** Any other request with a JSON body. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    try {
      const options = { method, headers: { accept: 'application/json' } };
      return await this.#within(
        async (signal) => (await this.#transport.request(path, body ?? '', { ...options, signal })) as T,
      );
    } catch (thrown) {
      throw asStoreError(thrown, this.#settings.url);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #within<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = this.#deadline();
    try {
      return await work(deadline.signal);
    } finally {
      deadline.end();
    }
  }

  /** Unlike AbortSignal.timeout it is over with its request: until then it holds all that was sent. */
  #deadline(): { readonly signal: AbortSignal; end(): void } {
    const { timeoutMs } = this.#settings;
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    return { signal: controller.signal, end: () => clearTimeout(timer) };
  }
}
