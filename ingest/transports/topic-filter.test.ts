import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers, matches, parseFilter, parseSharedFilter } from './topic-filter.ts';

describe('matches', () => {
  it.each([
    ['a/+/c', 'a/b/c', true],
    ['a/+/c', 'a/b/c/d', false],
    ['a/+', 'a/', true],
    ['a/+', 'a', false],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['#', '$SYS/x', false],
    ['+/x', '$SYS/x', false],
    ['$SYS/#', '$SYS/x', true],
    ['a/b', 'a/b', true],
    ['a/b', 'A/b', false],
  ])('%s of %s: %s', (filter, topic, expected) => {
    expect(matches(parseFilter(filter), topic)).toBe(expected);
  });
});

describe('covers', () => {
  const level = fc.constantFrom('a', 'b', '+');
  const filters = fc
    .tuple(fc.array(level, { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([levels, open]) => (open ? [...levels, '#'] : levels));

  it('is only true where every topic of the narrow filter belongs to the wide one', () => {
    const topics = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(filters, filters, topics, (wide, narrow, levels) => {
        const topic = levels.join('/');
        return !covers(wide, narrow) || !matches(narrow, topic) || matches(wide, topic);
      }),
      { numRuns: 5000 },
    );
  });

  it('holds for a filter and itself', () => {
    fc.assert(fc.property(filters, (filter) => covers(filter, filter)));
    expect(covers(['a', '+'], ['a', '#'])).toBe(false);
    expect(covers(['a', '#'], ['a', '+', '#'])).toBe(true);
  });
});

describe('parseSharedFilter', () => {
  it('takes the group off', () => {
    expect(parseSharedFilter('$share/g/a/+')).toEqual({ group: 'g', filter: ['a', '+'] });
    expect(parseSharedFilter('a/b')).toEqual({ filter: ['a', 'b'] });
  });
});
