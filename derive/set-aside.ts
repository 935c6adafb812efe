import type { HubError } from '../model/errors.ts';
import type { DirtyMark } from '../store/work.ts';

/** Steps between two tries: 2, 4, 8 … A runner with nothing else to do makes about one a second. */
const MAX_PAUSE_STEPS = 4_096;
/** So many failures mean that the derivation itself is broken: until some succeed, no further windows are tried. */
const MAX_SET_ASIDE = 1_000;

const keyOf = ({ window, datastream }: DirtyMark): string => `${window}|${datastream}`;

/** The windows of one derivation whose computation failed, and when each is tried again. Counts steps, not time. */
export class SetAside {
  readonly #failures = new Map<string, { readonly count: number; readonly dueAt: number }>();
  #step = 0;
  #fault: HubError | undefined;

  get size(): number {
    return this.#failures.size;
  }

  /** Why the last one failed; undefined when none is set aside. */
  get fault(): HubError | undefined {
    return this.size > 0 ? this.#fault : undefined;
  }

  /** A new step begins: the marks to be tried in it. */
  due(marks: readonly DirtyMark[], limit: number): DirtyMark[] {
    this.#step++;
    const isFull = this.size >= MAX_SET_ASIDE;
    const due = marks.filter((mark) => {
      const failure = this.#failures.get(keyOf(mark));
      return failure ? failure.dueAt <= this.#step : !isFull;
    });
    return due.slice(0, limit);
  }

  failed(mark: DirtyMark, fault: HubError): void {
    const count = (this.#failures.get(keyOf(mark))?.count ?? 0) + 1;
    this.#failures.set(keyOf(mark), { count, dueAt: this.#step + Math.min(2 ** count, MAX_PAUSE_STEPS) });
    this.#fault = fault;
  }

  succeeded(mark: DirtyMark): void {
    this.#failures.delete(keyOf(mark));
  }
}
