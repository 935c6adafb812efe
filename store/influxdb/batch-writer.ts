import type { InfluxConnection, WriteAnswer } from './connection.ts';

/** A line on its way, with what it stands for. */
export interface Line<T> {
  readonly text: string;
  readonly of: T;
}

export interface RefusedLine<T> {
  readonly of: T;
  /** The server's own words. */
  readonly words: string;
}

/** Lines of one request: large ones cost the server memory, small ones cost it time (ten times the CPU at one point each). */
const MOST_LINES = 10_000;

/**
 * Writes lines, each stored or refused when it resolves. A refused request is divided until the bad line stands alone:
 * 400 refuses all of its lines for one of them, 422 has stored the others, 413 is too large; writing a line twice changes
 * nothing, so all may be sent again.
 */
export class BatchWriter {
  readonly #connection: InfluxConnection;
  /** Halved by a server, or a proxy before it, that takes less at once. */
  #mostLines = MOST_LINES;

  constructor(connection: InfluxConnection) {
    this.#connection = connection;
  }

  /** Throws HUB_STORE_UNAVAILABLE or HUB_STORE_REFUSED; then any of the lines may have been stored. */
  async write<T>(bucket: string, lines: readonly Line<T>[]): Promise<RefusedLine<T>[]> {
    const refused: RefusedLine<T>[] = [];
    const waiting: (readonly Line<T>[])[] = [lines];
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      if (part.length === 0) continue;
      const now = part.slice(0, this.#mostLines);
      if (now.length < part.length) waiting.unshift(part.slice(now.length));
      const answer = await this.#connection.write(bucket, now.map(({ text }) => text).join('\n'));
      if (answer === 'stored') continue;
      if (answer.status === 413) this.#mostLines = Math.max(1, now.length >> 1);
      const { bad, again } = divide(now, answer);
      refused.push(...bad.map(({ of }) => ({ of, words: answer.words })));
      waiting.unshift(...again);
    }
    return refused;
  }
}

type Refusal = Exclude<WriteAnswer, 'stored'>;

interface Divided<T> {
  readonly bad: readonly Line<T>[];
  readonly again: readonly (readonly Line<T>[])[];
}

/** The lines that are known to be bad by an answer, and those to be sent again, in parts. */
const divide = <T>(lines: readonly Line<T>[], { status, words }: Refusal): Divided<T> => {
  if (lines.length === 1) return { bad: lines, again: [] };
  return (status === 422 ? byMeasurement(lines, words) : undefined) ?? byName(lines, words) ?? inHalves(lines);
};

/** 422 counts the lines that were dropped, and names the measurement of a field of another type. */
const byMeasurement = <T>(lines: readonly Line<T>[], words: string): Divided<T> | undefined => {
  if (Number(/dropped=(\d+)/.exec(words)?.[1]) === lines.length) return { bad: lines, again: [] };
  const measurement = /on measurement \\?"([^"\\]+)/.exec(words)?.[1];
  if (measurement === undefined) return undefined;
  const [there, elsewhere] = partition(lines, ({ text }) => text.startsWith(`${measurement},`));
  return there.length === 0 || elsewhere.length === 0 ? undefined : { bad: [], again: [there, elsewhere] };
};

/** 400 quotes a line that it cannot parse. */
const byName = <T>(lines: readonly Line<T>[], words: string): Divided<T> | undefined => {
  const [bad, good] = partition(lines, ({ text }) => words.includes(`'${text}'`));
  return bad.length === 0 ? undefined : { bad, again: [good] };
};

const inHalves = <T>(lines: readonly Line<T>[]): Divided<T> => {
  const middle = lines.length >> 1;
  return { bad: [], again: [lines.slice(0, middle), lines.slice(middle)] };
};

const partition = <T>(list: readonly T[], test: (one: T) => boolean): [T[], T[]] => {
  const parts: [T[], T[]] = [[], []];
  for (const one of list) parts[test(one) ? 0 : 1].push(one);
  return parts;
};
