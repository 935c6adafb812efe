import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import { BatchWriter } from './batch-writer.ts';
import type { InfluxConnection, WriteAnswer } from './connection.ts';

type Kind = 'good' | 'unparsable' | 'conflict' | 'old';

const T0 = Date.UTC(2026, 9, 1);

interface ServerOptions {
  readonly mostLines?: number;
  /** Whether 400 quotes the line. */
  readonly quotes?: boolean;
  /** Whether 422 names the newest of the lines that are too old, as 2.9.1 does. */
  readonly namesTimes?: boolean;
}

const timeOf = (line: string): number => Number(line.split(' ').at(-1));

/** As InfluxDB answers (facts measured with 2.9.1): one line that cannot be parsed refuses all, others only themselves. */
class Server {
  readonly stored = new Set<string>();
  requests = 0;
  mostLines: number;
  readonly #options: ServerOptions;

  constructor(options: ServerOptions = {}) {
    this.#options = options;
    this.mostLines = options.mostLines ?? 20_000;
  }

  async write(_bucket: string, text: string): Promise<WriteAnswer> {
    this.requests++;
    const lines = text.split('\n');
    expect(lines.every((line) => line !== '')).toBe(true);
    if (lines.length > this.mostLines) return { status: 413, words: 'too large' };
    const broken = lines.find((line) => line.includes('unparsable'));
    if (broken !== undefined)
      return { status: 400, words: this.#options.quotes ? `unable to parse '${broken}': bad` : 'bad line' };
    const old = lines.filter((line) => timeOf(line) < T0);
    const conflicting = lines.filter((line) => line.includes('conflict') && !old.includes(line));
    for (const line of lines) if (!old.includes(line) && !conflicting.includes(line)) this.stored.add(line);
    const [first] = conflicting;
    if (first !== undefined) return conflict(first, conflicting.length);
    return old.length === 0 ? 'stored' : this.#tooOld(old);
  }

  #tooOld(old: readonly string[]): WriteAnswer {
    const named = (line: string): string =>
      `point ${'k'.repeat(300)},dropped=0 at ${new Date(timeOf(line)).toISOString()} dropped because it violates a Retention Policy Lower Bound at ${new Date(T0 + 86_400_000).toISOString()}`;
    const [oldest = '', newest = oldest] = [old.at(0), old.toSorted((a, b) => timeOf(a) - timeOf(b)).at(-1)];
    const words = this.#options.namesTimes
      ? `dropped ${old.length} points outside retention policy of duration 24h0m0s - oldest ${named(oldest)}, newest ${named(newest)}`
      : 'points beyond retention policy';
    return { status: 422, words: `partial write: ${words} dropped=${old.length} for database: 0f` };
  }
}

const conflict = (line: string, count: number): WriteAnswer => ({
  status: 422,
  words: `partial write: field type conflict: input field "value" on measurement "${line.split(',')[0]}" is float dropped=${count}`,
});

const writerTo = (server: Server): BatchWriter => new BatchWriter(server as unknown as InfluxConnection);

const goodLines = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ text: `m,thing=good value=1 ${T0 + i}`, of: i }));

const kinds: fc.Arbitrary<Kind> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Kind>('good') },
  { weight: 1, arbitrary: fc.constantFrom<Kind>('unparsable', 'conflict', 'old') },
);

describe('batch writer', () => {
  it('stores every good line and names every bad one, whatever the server refuses', async () => {
    const batch = fc.array(fc.tuple(fc.constantFrom('fill_level', 'distance'), kinds), { maxLength: 120 });
    const options = fc.record({
      mostLines: fc.integer({ min: 1, max: 200 }),
      quotes: fc.boolean(),
      namesTimes: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(batch, options, async (list, how) => {
        const server = new Server(how);
        const lines = list.map(([property, kind], i) => {
          const time = kind === 'old' ? T0 - 1 - ((i * 7) % 50) : T0 + i;
          return { text: `${property},thing=${kind}-${i} value=1 ${time}`, of: i };
        });
        const refused = await writerTo(server).write('b', lines);
        const bad = list.flatMap(([, kind], i) => (kind === 'good' ? [] : [{ of: i, isTooOld: kind === 'old' }]));
        const found = refused.map(({ of, isTooOld }) => ({ of, isTooOld }));
        expect(found.toSorted((a, b) => a.of - b.of)).toEqual(bad);
        expect(server.stored.size).toBe(list.length - bad.length);
      }),
      { numRuns: 300 },
    );
  });

  it('sends less at once over a line that is too slow for much', async () => {
    const sizes: number[] = [];
    const server = {
      write: async (_bucket: string, text: string): Promise<WriteAnswer> => {
        sizes.push(text.split('\n').length);
        if ((sizes.at(-1) ?? 0) > 1_000) throw new HubError('HUB_STORE_UNAVAILABLE', 'no answer in time');
        return 'stored';
      },
    };
    const writer = new BatchWriter(server as unknown as InfluxConnection);
    const lines = Array.from({ length: 8_000 }, (_, i) => ({ text: `m,thing=good value=1 ${i}`, of: i }));
    const tries = async (): Promise<number> => {
      for (let i = 1; ; i++)
        if (
          await writer.write('b', lines).then(
            () => true,
            () => false,
          )
        )
          return i;
    };
    expect(await tries()).toBeLessThan(6);
    expect(sizes.at(-1)).toBeLessThanOrEqual(1_000);
  });

  it('asks seldom where a whole property is refused', async () => {
    const server = new Server({ quotes: true });
    const lines = Array.from({ length: 8_000 }, (_, i) => ({
      text: `${i % 4 === 0 ? 'distance,thing=conflict' : 'fill_level,thing=good'} value=1 ${T0 + i}`,
      of: i,
    }));
    const refused = await writerTo(server).write('b', lines);
    expect(refused).toHaveLength(2_000);
    expect(server.requests).toBeLessThan(5);
  });

  it.each([
    ['named', true, 2],
    ['not named', false, 2 * Math.log2(2_000) + 2],
  ])('asks seldom where every other line is too old, with the time %s', async (_, namesTimes, most) => {
    const server = new Server({ namesTimes });
    const lines = Array.from({ length: 2_000 }, (_, i) => ({
      text: `m,thing=a value=1 ${i % 2 === 0 ? T0 - 1 - i : T0 + i}`,
      of: i,
    }));
    const refused = await writerTo(server).write('b', lines);
    expect(refused.every(({ of, isTooOld, words }) => of % 2 === 0 && isTooOld && words.length <= 500)).toBe(true);
    expect(refused).toHaveLength(1_000);
    expect(server.requests).toBeLessThanOrEqual(most);
  });

  it('learns how much the server takes at once', async () => {
    const server = new Server({ mostLines: 100 });
    const writer = writerTo(server);
    await writer.write('b', goodLines(1_000));
    const before = server.requests;
    await writer.write('b', goodLines(1_000));
    expect(server.requests - before).toBeLessThan(20);
  });

  it('takes a refusal of every size for trouble, not for bad lines, and tries more at once when it is over', async () => {
    const server = new Server({ mostLines: 0 });
    const writer = writerTo(server);
    await expect(writer.write('b', goodLines(64))).rejects.toMatchObject({ code: 'HUB_STORE_UNAVAILABLE' });
    server.mostLines = 20_000;
    expect(await writer.write('b', goodLines(64))).toEqual([]);
    await writer.write('b', goodLines(200_000));
    const before = server.requests;
    await writer.write('b', goodLines(20_000));
    expect(server.requests - before).toBe(2);
  });
});
