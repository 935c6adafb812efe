import { expect, it } from 'vitest';
import { RecentBodies } from './recent-bodies.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('makes a body once for all who ask within its time', async () => {
  const bodies = new RecentBodies(1_000);
  let made = 0;
  const ask = async (key: string, now: number) =>
    (await bodies.get(key, now, async () => Buffer.from(`${key} ${++made}`))).toString();
  expect(await Promise.all([ask('a', 0), ask('a', 0), ask('a', 999), ask('b', 999)])).toEqual([
    'a 1',
    'a 1',
    'a 1',
    'b 2',
  ]);
  // Too old: made anew, once, while those who ask get the one before.
  expect(await Promise.all([ask('a', 1_000), ask('a', 1_500)])).toEqual(['a 1', 'a 1']);
  await turn();
  expect([await ask('a', 1_600), made]).toEqual(['a 3', 3]);
  // Nobody asked for long: nothing that old is given out.
  expect(await ask('a', 9_000)).toBe('a 4');
  // A clock that is set back must not keep them for ever.
  expect(await ask('a', -5_000)).toBe('a 5');
});

it('keeps no failure, and no more than a few', async () => {
  const bodies = new RecentBodies(1_000);
  const ask = (key: string, now: number, text?: string) =>
    bodies.get(key, now, async () => {
      if (text === undefined) throw new Error('away');
      return Buffer.from(text);
    });
  await expect(ask('a', 0)).rejects.toThrow('away');
  expect((await ask('a', 0, 'here')).toString()).toBe('here');
  expect((await ask('a', 1_000)).toString()).toBe('here');
  await turn();
  await expect(ask('a', 2_000)).rejects.toThrow('away');
  for (const key of ['a', 'b', 'c', 'd', 'e']) await ask(key, 0, key);
  expect((await ask('a', 0, 'again')).toString()).toBe('again');
});
