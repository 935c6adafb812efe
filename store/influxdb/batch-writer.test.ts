import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchWriter } from './batch-writer.ts';
import type { InfluxConnection, WriteAnswer } from './connection.ts';

type Kind = 'good' | 'unparsable' | 'conflict' | 'old';

/** As InfluxDB answers (facts measured with 2.9.1): one line that cannot be parsed refuses all, others only themselves. */
class Server {
  readonly stored = new Set<string>();
  requests = 0;
  readonly mostLines: number;
  readonly quotes: boolean;

  constructor(mostLines: number, quotes: boolean) {
    this.mostLines = mostLines;
    this.quotes = quotes;
  }

  async write(_bucket: string, text: string): Promise<WriteAnswer> {
    this.requests++;
    const lines = text.split('\n');
    expect(lines.every((line) => line !== '')).toBe(true);
    if (lines.length > this.mostLines) return { status: 413, words: 'too large' };
    const broken = lines.find((line) => line.includes('unparsable'));
    if (broken !== undefined)
      return { status: 400, words: this.quotes ? `unable to parse '${broken}': bad` : 'bad line' };
    const dropped = lines.filter((line) => line.includes('conflict') || line.includes('old'));
    for (const line of lines) if (!dropped.includes(line)) this.stored.add(line);
    const [first] = dropped;
    if (first === undefined) return 'stored';
    const words = first.includes('conflict')
      ? `field type conflict: input field "value" on measurement "${first.split(',')[0]}" is float`
      : 'points beyond retention policy';
    return { status: 422, words: `partial write: ${words} dropped=${dropped.length}` };
  }
}

const kinds: fc.Arbitrary<Kind> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Kind>('good') },
  { weight: 1, arbitrary: fc.constantFrom<Kind>('unparsable', 'conflict', 'old') },
);

describe('batch writer', () => {
  it('stores every good line and names every bad one, whatever the server refuses', async () => {
    const batch = fc.array(fc.tuple(fc.constantFrom('fill_level', 'distance'), kinds), { maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(batch, fc.integer({ min: 1, max: 200 }), fc.boolean(), async (list, mostLines, quotes) => {
        const server = new Server(mostLines, quotes);
        const lines = list.map(([property, kind], i) => ({ text: `${property},thing=${kind} value=1 ${i}`, of: i }));
        const refused = await new BatchWriter(server as unknown as InfluxConnection).write('b', lines);
        const bad = list.flatMap(([, kind], i) => (kind === 'good' ? [] : [i]));
        expect(refused.map((one) => one.of).toSorted((a, b) => a - b)).toEqual(bad);
        expect(server.stored.size).toBe(list.length - bad.length);
      }),
      { numRuns: 300 },
    );
  });

  it('asks seldom where a whole property is refused', async () => {
    const server = new Server(20_000, true);
    const lines = Array.from({ length: 8_000 }, (_, i) => ({
      text: `${i % 4 === 0 ? 'distance,thing=conflict' : 'fill_level,thing=good'} value=1 ${i}`,
      of: i,
    }));
    const refused = await new BatchWriter(server as unknown as InfluxConnection).write('b', lines);
    expect(refused).toHaveLength(2_000);
    expect(server.requests).toBeLessThan(5);
  });

  it('learns how much the server takes at once', async () => {
    const server = new Server(100, true);
    const writer = new BatchWriter(server as unknown as InfluxConnection);
    const lines = Array.from({ length: 1_000 }, (_, i) => ({ text: `m,thing=good value=1 ${i}`, of: i }));
    await writer.write('b', lines);
    const before = server.requests;
    await writer.write('b', lines);
    expect(server.requests - before).toBeLessThan(20);
  });
});
