import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIdPattern } from './id-pattern.ts';

describe('idPattern', () => {
  it('finds what a regular expression finds', () => {
    const atom = fc.constantFrom('a', 'b', '-', ':', '.', '[ab]', '[^a]', '[a-c:]', '\\.');
    const step = fc.tuple(atom, fc.constantFrom('', '*', '+', '?')).map((parts) => parts.join(''));
    const pattern = fc
      .tuple(fc.constantFrom('', '^'), fc.array(step, { maxLength: 6 }), fc.constantFrom('', '$'))
      .map(([start, steps, end]) => start + steps.join('') + end);
    const id = fc
      .array(fc.constantFrom('a', 'b', 'c', ':', '-', '.'), { maxLength: 10 })
      .map((chars) => chars.join(''));
    fc.assert(
      fc.property(pattern, id, (text, name) => {
        expect(parseIdPattern(text)(name)).toBe(new RegExp(text).test(name));
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes no longer where a regular expression would take for ever', () => {
    const started = performance.now();
    expect(parseIdPattern(`^${'a*'.repeat(100)}b$`)('a'.repeat(300))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
