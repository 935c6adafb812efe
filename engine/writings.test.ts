import { describe, expect, it, vi } from 'vitest';
import { Writings } from './writings.ts';

const written = (position: number, outcome: 'decoded' | 'deadLetter' | 'notPlaced') =>
  ({ type: 'written', settled: [{ position, outcome, detail: 'why' }] }) as const;

describe('those who wait for what they wrote', () => {
  it('hear what became of it, whether the word comes before or after the receipt', async () => {
    const writings = new Writings();
    const first = writings.stored({ position: 1 });
    writings.settle(written(1, 'decoded'));
    await expect(first).resolves.toBeUndefined();
    writings.settle(written(2, 'deadLetter'));
    await expect(writings.stored({ position: 2 })).rejects.toMatchObject({
      code: 'HUB_STORE_REJECTED',
      message: 'why',
    });
    const third = writings.stored({ position: 3 });
    writings.settle(written(3, 'notPlaced'));
    await expect(third).rejects.toMatchObject({ code: 'HUB_NOT_FOUND' });
    await expect(writings.stored({ duplicateOf: 1 })).resolves.toBeUndefined();
  });

  it('are told after a while that the store does not answer', async () => {
    vi.useFakeTimers();
    try {
      const waiting = expect(new Writings().stored({ position: 1 })).rejects.toMatchObject({ code: 'HUB_UNAVAILABLE' });
      await vi.advanceTimersByTimeAsync(10_000);
      await waiting;
    } finally {
      vi.useRealTimers();
    }
  });
});
