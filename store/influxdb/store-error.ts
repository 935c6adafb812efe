import { HttpError } from '@influxdata/influxdb-client';
import { HubError } from '../../model/errors.ts';
import { retryAfterMs } from './retry-after.ts';

/** Characters of the server's words that an error repeats. */
const WORDS_SHOWN = 500;

/** The server's own words, out of its JSON answer where it is one; a proxy between may answer anything. */
export const wordsOf = ({ json, body, statusMessage }: HttpError): string => {
  const { message, error } = (json ?? {}) as { message?: unknown; error?: unknown };
  const told = [message, error, body, statusMessage].find((text) => typeof text === 'string' && text !== '');
  return typeof told === 'string' ? told : 'no reason given';
};

/** No connection came about. */
const NOT_SENT: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** Refused before anything of it is looked at. */
const TURNED_AWAY: ReadonlySet<unknown> = new Set([401, 403, 404, 429]);

/** Whether the server may have done what a failed request asked for; only its answer could tell. */
export const mayBeDone = (failure: unknown): boolean => {
  const { cause } = failure as { cause?: unknown };
  if (cause instanceof HttpError) return !TURNED_AWAY.has(cause.statusCode);
  return !NOT_SENT.has((cause as { code?: unknown } | undefined)?.code);
};

/** A failed request as the hub's own error: come back later, or somebody has to help. */
export const asStoreError = (thrown: unknown, url: string): HubError => {
  if (thrown instanceof HubError) return thrown;
  if (!(thrown instanceof HttpError)) {
    const reason = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    return new HubError('HUB_STORE_UNAVAILABLE', `InfluxDB at ${url} does not answer: ${reason}`, { cause: thrown });
  }
  const { statusCode } = thrown;
  const told = `InfluxDB at ${url} answers ${statusCode}: ${wordsOf(thrown).slice(0, WORDS_SHOWN)}`;
  if (statusCode === 401 || statusCode === 403 || statusCode === 404) {
    return new HubError('HUB_STORE_REFUSED', told, { cause: thrown });
  }
  // The client's own retryAfter() takes the header's seconds for milliseconds.
  const header = thrown.headers?.['retry-after'];
  return new HubError('HUB_STORE_UNAVAILABLE', told, {
    cause: thrown,
    retryAfterMs: retryAfterMs(Array.isArray(header) ? header[0] : header, Date.now()),
  });
};
