import { HubError } from '../../model/errors.ts';
import type { InfluxConnection, WriteAnswer } from './connection.ts';
import { mayBeDone } from './store-error.ts';

/** A line on its way, with what it stands for. */
export interface Line<T> {
  readonly text: string;
  readonly of: T;
}

export interface RefusedLine<T> {
  readonly of: T;
  /** The server's own words. */
  readonly words: string;
  /** Older than what the server keeps: it would be gone at once. */
  readonly isTooOld: boolean;
}

/** Lines of one request: large ones cost the server memory, small ones cost it time (ten times the CPU at one point each). */
const MOST_LINES = 10_000;
/** Fewer help no slow line. */
const LEAST_LINES = 250;
/** Requests of full size that were stored, until twice as much is tried again: often would cost a refusal each time. */
const MORE_AFTER = 10;
/** Characters of the server's words that are passed on; reading them needs all. */
const WORDS_SHOWN = 500;

/**
 * Writes lines, each stored or refused when it resolves. A refused request is divided until the bad line stands alone:
 * 400 refuses all of its lines for one of them, 422 has stored the others, 413 is too large; writing a line twice changes
 * nothing, so all may be sent again. Lines end in their time.
 */
export class BatchWriter {
  readonly #connection: InfluxConnection;
  /** Halved by a server, or a proxy before it, that takes less at once. */
  #mostLines = MOST_LINES;
  #fullInARow = 0;

  constructor(connection: InfluxConnection) {
    this.#connection = connection;
  }

  /**
   * Throws HUB_STORE_UNAVAILABLE or HUB_STORE_REFUSED, `inDoubt` before it where any of the lines may have been stored all
   * the same.
   */
  async write<T>(bucket: string, lines: readonly Line<T>[], inDoubt?: () => void): Promise<RefusedLine<T>[]> {
    const refused: RefusedLine<T>[] = [];
    const waiting: (readonly Line<T>[])[] = [lines];
    let answered = false;
    try {
      for (let part = waiting.shift(); part; part = waiting.shift()) {
        if (part.length === 0) continue;
        const now = part.slice(0, this.#mostLines);
        if (now.length < part.length) waiting.unshift(part.slice(now.length));
        const answer = await this.#send(bucket, now);
        answered = true;
        if (answer === 'stored') this.#grow(now.length);
        else if (answer.status === 413) waiting.unshift(...this.#shrink(now, answer));
        else {
          const { bad, again } = divide(now, answer);
          const why = { words: answer.words.slice(0, WORDS_SHOWN), isTooOld: isRetention(answer) };
          refused.push(...bad.map(({ of }) => ({ of, ...why })));
          waiting.unshift(...again);
        }
      }
    } catch (thrown) {
      if (answered || mayBeDone(thrown)) inDoubt?.();
      throw thrown;
    }
    return refused;
  }

  /** What was too much for a slow line in the time that there is comes in smaller parts the next time. */
  async #send<T>(bucket: string, lines: readonly Line<T>[]): Promise<WriteAnswer> {
    try {
      return await this.#connection.write(bucket, lines.map(({ text }) => text).join('\n'));
    } catch (thrown) {
      this.#mostLines = Math.min(this.#mostLines, Math.max(LEAST_LINES, lines.length >> 1));
      this.#fullInARow = 0;
      throw thrown;
    }
  }

  #grow(stored: number): void {
    if (stored < this.#mostLines || ++this.#fullInARow < MORE_AFTER) return;
    this.#mostLines = Math.min(MOST_LINES, this.#mostLines * 2);
    this.#fullInARow = 0;
  }

  #shrink<T>(lines: readonly Line<T>[], { words }: Refusal): (readonly Line<T>[])[] {
    // No line is as long as that: whoever refuses a single one has another trouble.
    if (lines.length === 1) throw new HubError('HUB_STORE_UNAVAILABLE', `413 for a single line: ${words}`);
    this.#mostLines = lines.length >> 1;
    this.#fullInARow = 0;
    return inHalves(lines);
  }
}

type Refusal = Exclude<WriteAnswer, 'stored'>;

interface Divided<T> {
  readonly bad: readonly Line<T>[];
  readonly again: readonly (readonly Line<T>[])[];
}

/** The lines that are known to be bad by an answer, and those to be sent again, in parts. */
const divide = <T>(lines: readonly Line<T>[], refusal: Refusal): Divided<T> => {
  const { status, words } = refusal;
  if (lines.length === 1 || (status === 422 && droppedOf(words) === lines.length)) return { bad: lines, again: [] };
  if (isRetention(refusal)) return byTime(lines, words);
  const parts = (status === 422 ? byMeasurement(lines, words) : undefined) ?? byName(lines, words);
  return parts ?? { bad: [], again: inHalves(lines) };
};

/** 422 counts the lines that were dropped; the count stands last, behind names that it quotes. */
const droppedOf = (words: string): number => Number(/.*dropped=(\d+)/s.exec(words)?.[1]);

const isRetention = ({ status, words }: Refusal): boolean =>
  status === 422 && /points (?:outside|beyond) retention policy/.test(words);

const timeOf = ({ text }: Line<unknown>): number => Number(text.slice(text.lastIndexOf(' ') + 1));

/**
 * What is too old is dropped from one instant backwards, up to a shard's length before the bound of the retention. InfluxDB
 * 2.9 names the newest line of that; where nothing is named it is searched, which is soon done in order of time.
 */
const byTime = <T>(lines: readonly Line<T>[], words: string): Divided<T> => {
  const named = /.*newest point .* at (\S+) dropped because it violates a Retention Policy Lower Bound/s.exec(words);
  const newestDropped = Date.parse(named?.[1] ?? '');
  const [bad, again] = partition(lines, (line) => timeOf(line) <= newestDropped);
  if (bad.length > 0 && bad.length === droppedOf(words)) return { bad, again: [again] };
  return { bad: [], again: inHalves(lines.toSorted((a, b) => timeOf(a) - timeOf(b))) };
};

/** 422 names the measurement of a field of another type. */
const byMeasurement = <T>(lines: readonly Line<T>[], words: string): Divided<T> | undefined => {
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

const inHalves = <T>(lines: readonly Line<T>[]): (readonly Line<T>[])[] => {
  const middle = lines.length >> 1;
  return [lines.slice(0, middle), lines.slice(middle)];
};

const partition = <T>(list: readonly T[], test: (one: T) => boolean): [T[], T[]] => {
  const parts: [T[], T[]] = [[], []];
  for (const one of list) parts[test(one) ? 0 : 1].push(one);
  return parts;
};
