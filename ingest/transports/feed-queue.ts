import type { FeedMessage, PublicFeed } from '../../model/ports.ts';

/** Topics with news that wait; beyond it, all that is newest is told again instead. */
const MAX_WAITING = 10_000;

/**
 * What another broker is still to be told, by topic: what is gone comes first and is never forgotten, then news, then what is
 * caught up with. The newest value of a topic gives way to nothing but a newer one.
 */
export class FeedQueue {
  readonly #feed: Pick<PublicFeed, 'newest'>;
  readonly #gone = new Set<string>();
  readonly #waiting = new Map<string, FeedMessage>();
  #catchUp: Iterator<FeedMessage> | undefined;

  constructor(feed: Pick<PublicFeed, 'newest'>) {
    this.#feed = feed;
  }

  get isCaughtUp(): boolean {
    return this.#catchUp === undefined;
  }

  /** Forgets what waits, and begins with everything newest. */
  begin(): void {
    this.clear();
    this.#catchUp = this.#feed.newest(() => true)[Symbol.iterator]();
  }

  clear(): void {
    this.#gone.clear();
    this.#waiting.clear();
    this.#catchUp = undefined;
  }

  take(messages: readonly FeedMessage[]): void {
    for (const message of messages) this.#takeOne(message);
    if (this.#waiting.size <= MAX_WAITING) return;
    this.#waiting.clear();
    this.#catchUp = this.#feed.newest(() => true)[Symbol.iterator]();
  }

  /** Topics under which nothing may be held any more. */
  takeBack(topics: Iterable<string>): void {
    for (const topic of topics) this.#takeOne({ topic, payload: Buffer.alloc(0), isNewest: true });
  }

  next(): FeedMessage | undefined {
    for (const topic of this.#gone) {
      this.#gone.delete(topic);
      return { topic, payload: Buffer.alloc(0), isNewest: true };
    }
    for (const [topic, message] of this.#waiting) {
      this.#waiting.delete(topic);
      return message;
    }
    const { value, done = true } = this.#catchUp?.next() ?? {};
    if (!done) return value;
    this.#catchUp = undefined;
    return undefined;
  }

  #takeOne(message: FeedMessage): void {
    const { topic, payload, isNewest } = message;
    if (!isNewest && this.#waiting.get(topic)?.isNewest) return;
    this.#waiting.delete(topic);
    if (payload.length === 0) this.#gone.add(topic);
    else {
      this.#waiting.set(topic, message);
      if (isNewest) this.#gone.delete(topic);
    }
  }
}
