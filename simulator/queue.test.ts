import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createQueue } from './queue.ts';

it('gives items by time, and those of one time in the order in which they came', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 20 }), { freq: 2 })), (steps) => {
      const queue = createQueue<number>();
      const model: { at: number; item: number }[] = [];
      const taken: unknown[] = [];
      const expected: unknown[] = [];
      steps.forEach((at, item) => {
        if (at === null) {
          const popped = queue.pop();
          taken.push(popped && { at: popped.at, item: popped.item });
          expected.push(model.shift());
        } else {
          queue.push(at, item);
          model.push({ at, item });
          model.sort((a, b) => a.at - b.at || a.item - b.item);
        }
        expect(queue.peek()?.item).toBe(model[0]?.item);
      });
      expect(taken).toEqual(expected);
    }),
  );
});
