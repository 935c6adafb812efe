import { expect, it } from 'vitest';
import { LiveCatchUp } from './live-catch-up.ts';
import type { LiveClient } from './live-client.ts';

it('writes out a slice of one client in each turn of the thread', async () => {
  const turns: number[] = [];
  let now = 0;
  const catchUp = new LiveCatchUp();
  const done: string[] = [];
  const client = (name: string) =>
    ({
      textOf: () => {
        now++;
        return 'x';
      },
      missed: (_text: string, more: () => void) => more(),
      caughtUp: (text: string) => done.push(name + text.length),
    }) as unknown as LiveClient;
  const events = Array.from({ length: 1_000 }, () => ({}) as never);
  for (const name of ['a', 'b']) catchUp.add({ client: client(name), events, hello: '!' });
  while (done.length < 2) {
    const before = now;
    await new Promise((resolve) => setImmediate(resolve));
    turns.push(now - before);
  }
  expect(Math.max(...turns)).toBeLessThanOrEqual(250);
  expect(done).toEqual(['a251', 'b251']);
});
