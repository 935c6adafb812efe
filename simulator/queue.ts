import type { EpochMs } from '../model/time.ts';

/** Items by time; those of one time in the order in which they came (binary heap). */
export interface Queue<T> {
  push(at: EpochMs, item: T): void;
  peek(): { readonly at: EpochMs; readonly item: T } | undefined;
  pop(): { readonly at: EpochMs; readonly item: T } | undefined;
}

interface Entry<T> {
  readonly at: EpochMs;
  readonly order: number;
  readonly item: T;
}

export const createQueue = <T>(): Queue<T> => {
  const heap: Entry<T>[] = [];
  let pushed = 0;
  const before = (a: Entry<T>, b: Entry<T>): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
  const sink = (entry: Entry<T>): void => {
    let i = 0;
    for (;;) {
      const left = heap[2 * i + 1];
      const right = heap[2 * i + 2];
      const child = right && left && before(right, left) ? right : left;
      if (!child || before(entry, child)) break;
      heap[i] = child;
      i = 2 * i + (child === left ? 1 : 2);
    }
    heap[i] = entry;
  };
  return {
    push: (at, item) => {
      const entry = { at, order: pushed++, item };
      let i = heap.length;
      while (i > 0) {
        const parent = heap[(i - 1) >> 1];
        if (!parent || before(parent, entry)) break;
        heap[i] = parent;
        i = (i - 1) >> 1;
      }
      heap[i] = entry;
    },
    peek: () => heap[0],
    pop: () => {
      const first = heap[0];
      const last = heap.pop();
      if (last && heap.length > 0) sink(last);
      return first;
    },
  };
};
