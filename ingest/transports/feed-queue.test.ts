import { expect, it } from 'vitest';
import type { FeedMessage } from '../../model/ports.ts';
import { FeedQueue } from './feed-queue.ts';
import { TestFeed } from './testing.ts';

const message = (topic: string, text: string, isNewest = true): FeedMessage => ({
  topic,
  payload: Buffer.from(text),
  isNewest,
});
const rest = (queue: FeedQueue): string[] => {
  const told: string[] = [];
  for (let next = queue.next(); next; next = queue.next())
    told.push(`${next.topic}=${String(next.payload)}${next.isNewest ? '' : ' late'}`);
  return told;
};

it('never forgets what is gone, however much else comes', () => {
  const feed = new TestFeed();
  feed.topics.set('open', '1');
  const queue = new FeedQueue(feed);
  queue.take([message('secret', '')]);
  queue.take(Array.from({ length: 10_001 }, (_, i) => message(`news/${i}`, 'x')));
  expect(rest(queue)).toEqual(['secret=', 'open=1']);
  // Also where that alone is more than may wait.
  queue.take(Array.from({ length: 20_000 }, (_, i) => message(`secret/${i}`, '')));
  expect(rest(queue)).toHaveLength(20_000);
});

it('puts no late value in the place of the newest', () => {
  const queue = new FeedQueue(new TestFeed());
  queue.take([message('a', '2'), message('a', '1', false), message('b', '1', false), message('b', '2')]);
  expect(rest(queue)).toEqual(['a=2', 'b=2']);
});

it('tells what came back after it was gone, and what went after it came', () => {
  const queue = new FeedQueue(new TestFeed());
  queue.take([message('a', '1'), message('a', ''), message('b', ''), message('b', '2')]);
  queue.takeBack(['c']);
  expect(rest(queue)).toEqual(['a=', 'c=', 'b=2']);
});
