import { expect } from 'vitest';
import type { TestApi } from './testing.ts';

/** A path with a # for the id, an id of something that is hidden, and one of nothing. */
type Guess = readonly [path: string, hidden: string, missing: string];

/** Expects that nobody who guesses an id learns whether there is something behind it. */
export const expectNotTold = async (api: TestApi, guesses: readonly Guess[]): Promise<void> => {
  for (const [path, hidden, missing] of guesses) {
    const ask = async (id: string) => {
      const { statusCode, body } = await api.get(path.replace('#', id));
      return `${statusCode} ${body.replaceAll(id, '#')}`;
    };
    expect(await ask(hidden), path).toBe(await ask(missing));
  }
};
