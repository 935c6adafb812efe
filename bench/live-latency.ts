import { get, type IncomingMessage } from 'node:http';
import type { RunFile } from '../engine/run-file.ts';

/** Milliseconds from an uplink's own time to the arrival of its events, sorted. */
export interface LiveReader {
  readonly latenciesMs: readonly number[];
  close(): void;
}

/** A client of /api/v1/live that compares each event's phenomenonTime, the time of sending, with the clock. */
export const readLive = async ({ httpUrl, credential }: RunFile): Promise<LiveReader> => {
  const latenciesMs: number[] = [];
  const ready = Promise.withResolvers<void>();
  const request = get(new URL('/api/v1/live', httpUrl), { headers: { authorization: `Bearer ${credential}` } });
  request.on('error', ready.reject);
  request.on('response', (response: IncomingMessage) => {
    if (response.statusCode !== 200) ready.reject(new Error(`/api/v1/live answered ${response.statusCode}`));
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      const at = Date.now();
      const events = (rest + text).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        if (event.includes('event: ready')) ready.resolve();
        const time = /"phenomenonTime":"([^"]+)"/.exec(event)?.[1];
        if (time !== undefined) latenciesMs.push(at - Date.parse(time));
      }
    });
    response.on('error', () => undefined);
  });
  await ready.promise;
  return { latenciesMs, close: () => request.destroy() };
};

/** The value that a share `p` of the sorted values does not exceed (nearest rank). */
export const percentile = (sorted: readonly number[], p: number): number =>
  sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
