import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { chunksToLinesIterable, type Headers, HttpError, type SendOptions } from '@influxdata/influxdb-client';
import { HubError } from '../../model/errors.ts';
import { Access } from './access.ts';
import type { InfluxSettings } from './influx-settings.ts';
import { asStoreError, wordsOf } from './store-error.ts';
import { Turns } from './turns.ts';

/** Answer to a write: stored, or what the server said against it. */
export type WriteAnswer = 'stored' | { readonly status: 400 | 413 | 422; readonly words: string };

interface QueryResult {
  readonly statement_id: number;
  readonly error?: string;
  readonly series?: readonly Series[];
  /** More of this statement follows in a further chunk. */
  readonly partial?: boolean;
}

/** A table of InfluxQL's answer: rows of the columns, for one set of tags. */
export interface Series {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | boolean | null)[])[];
}

export type QueryParameters = Readonly<Record<string, string | number>>;

/** Requests under way at once; one that waits for a socket would wait within its time limit. */
const MOST_REQUESTS = 8;
/** Rows that the server puts into one chunk of an answer. */
const CHUNK_ROWS = 5_000;
/** Below this size compressing costs more than it saves. */
const GZIP_FROM_BYTES = 1_000;
/** Headers of which the server's answers carry at least one. */
const MARKS = ['x-influxdb-version', 'x-influxdb-build', 'x-influxdb-request-id'] as const;

/** Speaks HTTP with one InfluxDB server: some requests at once, each with a time limit; the others wait for their turn. */
export class InfluxConnection {
  readonly #settings: InfluxSettings;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #turns = new Turns(MOST_REQUESTS);
  readonly #access: Access;

  constructor(settings: InfluxSettings) {
    this.#settings = settings;
    const options = { keepAlive: true, maxSockets: MOST_REQUESTS };
    this.#agent = settings.url.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
    this.#access = new Access(settings, this.#agent);
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
    try {
      await this.#stored(path, lines, options);
      return 'stored';
    } catch (thrown) {
      if (thrown instanceof HttpError) {
        const { statusCode } = thrown;
        // Any server in between may call a request too large, but only InfluxDB knows a bad line.
        const isMeant = statusCode === 413 || isMarked(thrown.headers ?? {});
        if (isMeant && (statusCode === 400 || statusCode === 413 || statusCode === 422)) {
          return { status: statusCode, words: wordsOf(thrown) };
        }
      }
      throw asStoreError(thrown, this.#settings.url);
    }
  }

  /**
   * Runs InfluxQL statements and streams their answers, by index of the statement; throws where one of them is not
   * answered to its end. Values belong into parameters (`$name`): the server binds them, nothing is pasted. It holds its
   * turn as long as it is read, so the reader asks nothing else meanwhile.
   */
  async *query(
    statements: string | readonly string[],
    parameters: QueryParameters = {},
  ): AsyncGenerator<{ readonly statement: number; readonly series: Series }> {
    const { bucket, url } = this.#settings;
    const list = typeof statements === 'string' ? [statements] : statements;
    const path = `/query?${new URLSearchParams({ db: bucket, epoch: 'ms', chunked: 'true', chunk_size: String(CHUNK_ROWS) }).toString()}`;
    const body = new URLSearchParams({ q: list.join('; '), params: JSON.stringify(parameters) }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const turn = await this.#turn();
    const unanswered = new Set(list.keys());
    try {
      const chunks = this.#chunks(path, body, { method: 'POST', headers, signal: turn.signal });
      for await (const line of chunksToLinesIterable(chunks)) {
        if (line.trim() === '') continue;
        for (const { statement_id: statement, series = [], partial } of resultsOf(line)) {
          for (const one of series) yield { statement, series: one };
          if (partial !== true) unanswered.delete(statement);
        }
      }
      // An empty answer is no answer: what it does not speak of may well be there.
      if (unanswered.size > 0) {
        const words = `InfluxDB at ${url} did not answer ${unanswered.size} of ${list.length} statements`;
        throw new HubError('HUB_STORE_UNAVAILABLE', words);
      }
    } catch (thrown) {
      throw asStoreError(turn.reasonOf(thrown), url);
    } finally {
      turn.end();
    }
  }

  /** Removes the points of a predicate from `from` to `to`, both inclusive, epoch milliseconds. */
  async delete(
    bucket: string,
    { from, to, predicate }: { from: number; to: number; predicate: string },
  ): Promise<void> {
    const { org, url } = this.#settings;
    const path = `/api/v2/delete?${new URLSearchParams({ org, bucket }).toString()}`;
    // The end is inclusive, and points stand at whole milliseconds.
    const body = { start: new Date(from).toISOString(), stop: new Date(to).toISOString(), predicate };
    try {
      await this.#stored(path, body, { method: 'POST', headers: { accept: 'application/json' } });
    } catch (thrown) {
      throw asStoreError(thrown, url);
    }
  }

  /** Any other request with a JSON body; resolves to the JSON of the answer, undefined where it has none by its status. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { url } = this.#settings;
    try {
      const headers = { accept: 'application/json' };
      const { status, content } = await this.#request(path, body ?? '', { method, headers });
      if (status === 204) return undefined as T;
      if (typeof content === 'object' && content !== null) return content as T;
      throw new HubError(
        'HUB_STORE_UNAVAILABLE',
        `InfluxDB at ${url} answers ${method} ${path} with ${status} and no JSON`,
      );
    } catch (thrown) {
      throw asStoreError(thrown, url);
    }
  }

  /** Ends what is under way, and what waits for its turn. */
  close(): void {
    this.#turns.close();
    this.#agent.destroy();
  }

  /** A request that has been done only once the server itself says 204: a proxy's page means nothing. */
  async #stored(path: string, body: unknown, options: SendOptions): Promise<void> {
    const { status } = await this.#request(path, body, options);
    if (status === 204) return;
    const { url } = this.#settings;
    throw new HubError(
      'HUB_STORE_UNAVAILABLE',
      `InfluxDB at ${url} answers ${path.split('?')[0]} with ${status} instead of 204`,
    );
  }

  async #request(path: string, body: unknown, options: SendOptions): Promise<{ status: number; content: unknown }> {
    let status = 0;
    let headers: Headers = {};
    const started = (now: Headers, code?: number): void => {
      headers = now;
      status = code ?? 0;
    };
    const content = await this.#within(async (signal) => {
      const { token } = this.#access;
      const send = async (): Promise<unknown> =>
        this.#access.transport.request(path, body, { ...options, signal }, started);
      return send().catch((thrown: unknown) => {
        if (this.#access.isRenewed(thrown, token)) return send();
        throw thrown;
      });
    });
    // Every answer of InfluxDB 2 names its build; one that does not comes from somebody in between.
    if (isMarked(headers)) return { status, content };
    const words = `Somebody else than InfluxDB answers at ${this.#settings.url}: ${status} without ${MARKS.join(' or ')}`;
    throw new HubError('HUB_STORE_UNAVAILABLE', words);
  }

  async *#chunks(path: string, body: string, options: SendOptions): AsyncGenerator<Uint8Array> {
    const { token } = this.#access;
    try {
      yield* this.#access.transport.iterate(path, body, options);
    } catch (thrown) {
      // Refused before the first chunk.
      if (!this.#access.isRenewed(thrown, token)) throw thrown;
      yield* this.#access.transport.iterate(path, body, options);
    }
  }

  async #within<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const turn = await this.#turn();
    try {
      return await work(turn.signal);
    } catch (thrown) {
      throw turn.reasonOf(thrown);
    } finally {
      turn.end();
    }
  }

  /** The time limit begins with the turn. Unlike AbortSignal.timeout it is over with its request: until then it holds all that was sent. */
  async #turn(): Promise<Turn> {
    const release = await this.#turns.take();
    const { timeoutMs } = this.#settings;
    const controller = new AbortController();
    const { signal } = controller;
    const timer = setTimeout(() => controller.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    return {
      signal,
      reasonOf: (thrown) => (signal.aborted ? signal.reason : thrown) as unknown,
      end: () => {
        clearTimeout(timer);
        release();
      },
    };
  }
}

const isMarked = (headers: Headers): boolean => MARKS.some((mark) => headers[mark] !== undefined);

interface Turn {
  readonly signal: AbortSignal;
  /** Why a request failed: the client only says that it was aborted. */
  reasonOf(thrown: unknown): unknown;
  end(): void;
}

/** One line of a chunked answer. Throws what the server says against it. */
const resultsOf = (line: string): readonly QueryResult[] => {
  const { error, results = [] } = JSON.parse(line) as { error?: string; results?: readonly QueryResult[] };
  const fault = error ?? results.find((result) => result.error !== undefined)?.error;
  if (fault !== undefined) throw new HubError('HUB_STORE_UNAVAILABLE', `InfluxDB: ${fault}`);
  return results;
};
