import { expect, it } from 'vitest';
import type { LiveClient, LivePiece } from './live-client.ts';
import { LiveRounds } from './live-rounds.ts';

/** Turns of the thread until a condition holds, each with the work that was done in it. */
const workOfTurns = async (work: () => number, isDone: () => boolean): Promise<number[]> => {
  const turns: number[] = [];
  while (!isDone() && turns.length < 10_000) {
    const before = work();
    await new Promise((resolve) => setImmediate(resolve));
    turns.push(work() - before);
  }
  return turns;
};

it('writes out a burst for clients with filters of their own by turns', async () => {
  let work = 0;
  const pieces: LivePiece[] = [];
  const client = (group: string) =>
    ({
      group,
      joinedAt: 0,
      textOf: () => {
        work++;
        return 'x';
      },
      send: (piece: LivePiece) => pieces.push(piece),
    }) as unknown as LiveClient;
  const rounds = new LiveRounds([client('a'), client('b'), client('a')]);
  const begun = work;
  rounds.add(Array.from({ length: 2_000 }, (_, i) => ({ id: String(i) }) as never));
  expect(work - begun).toBeLessThanOrEqual(250);
  const turns = await workOfTurns(
    () => work,
    () => rounds.isIdle,
  );
  expect(Math.max(...turns)).toBeLessThanOrEqual(250);
  expect(pieces.map(({ events }) => events)).toEqual([2_000, 2_000, 2_000]);
  expect(work).toBe(4_000);
});
