import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What the process of readers is told to do. */
export interface ReadersJob {
  readonly port: number;
  readonly path: string;
  readonly token?: string;
  readonly clients: number;
}

/** Milliseconds from the time of an event to its arrival, over all clients. */
export interface ReadersReport {
  readonly type: 'report';
  readonly events: number;
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly ended: number;
}

export type FromReaders = { readonly type: 'ready' } | ReadersReport;

/**
 * Entry of a process with many live streams, bare sockets each, so that they cost the machine as little as can be. Told
 * `begin`, it forgets what it has counted; told `report`, it says how late the events were.
 */
const MARK = '"phenomenonTime":"';
const TIME_LENGTH = '2026-03-02T12:00:00.000Z'.length;
/** Later ones count as this late. */
const SLOTS = 60_000;

const late = new Uint32Array(SLOTS);
let events = 0;
let bytes = 0;
let ended = 0;
const times = new Map<string, number>();

const timeOf = (text: string): number => {
  const known = times.get(text);
  if (known !== undefined) return known;
  if (times.size > 10_000) times.clear();
  const time = Date.parse(text);
  times.set(text, time);
  return time;
};

/** Counts the events of a piece; answers what may belong to one that is not whole yet. */
const count = (text: string, now: number): string => {
  let at = text.indexOf(MARK);
  let end = 0;
  while (at !== -1 && at + MARK.length + TIME_LENGTH <= text.length) {
    end = at + MARK.length + TIME_LENGTH;
    const ms = Math.max(0, Math.min(SLOTS - 1, now - timeOf(text.slice(at + MARK.length, end))));
    late[ms] = (late[ms] ?? 0) + 1;
    events++;
    at = text.indexOf(MARK, end);
  }
  return text.slice(Math.max(end, text.length - MARK.length - TIME_LENGTH));
};

const open = async ({ port, path, token }: ReadersJob): Promise<void> => {
  const socket: Socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`;
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${authorization}\r\n`);
  const [first] = (await once(socket, 'data')) as [Buffer];
  if (!first.toString('latin1').startsWith('HTTP/1.1 200')) throw new Error(first.toString('latin1', 0, 300));
  let rest = '';
  socket.on('data', (piece: Buffer) => {
    bytes += piece.length;
    rest = count(rest + piece.toString('latin1'), Date.now());
  });
  socket.on('close', () => ended++);
  socket.on('error', () => undefined);
};

const quantile = (share: number): number => {
  let left = Math.ceil(share * events);
  for (const [ms, n] of late.entries()) {
    left -= n;
    if (left <= 0) return ms;
  }
  return Number.NaN;
};

const send = (message: FromReaders): void => void process.send?.(message);

const [job] = (await once(process, 'message')) as [ReadersJob];
for (let i = 0; i < job.clients; i += 50) {
  await Promise.all(Array.from({ length: Math.min(50, job.clients - i) }, () => open(job)));
}
process.on('message', (told) => {
  if (told === 'begin') {
    late.fill(0);
    events = 0;
    bytes = 0;
  }
  if (told !== 'report') return;
  send({ type: 'report', events, bytes, p50Ms: quantile(0.5), p99Ms: quantile(0.99), maxMs: quantile(1), ended });
});
send({ type: 'ready' });
