import { describe, expect, it } from 'vitest';
import { negotiate } from './negotiate.ts';

describe('negotiation', () => {
  it.each([
    [undefined, 'de'],
    ['', 'de'],
    ['en', 'en'],
    ['en-GB,en;q=0.9,de;q=0.8', 'en'],
    ['fr', 'de'],
    ['fr, *;q=0.5', 'de'],
    ['de;q=0, *', 'en'],
    ['de-AT;q=0.3, en;q=0.4', 'en'],
    ['EN', 'en'],
    [`${'x,'.repeat(5_000)}en`, 'de'],
    ['en;q=nonsense, de;q=0.1', 'de'],
  ])('of languages by %j is %s', (header, wanted) => {
    expect(negotiate(header, ['de', 'en'])).toBe(wanted);
  });

  it.each([
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html'],
    ['application/ld+json', 'application/ld+json'],
    ['application/*;q=0.9, text/turtle;q=0.8', 'application/ld+json'],
    ['text/*', 'text/turtle'],
    ['image/png', 'text/turtle'],
  ])('of media types by %j is %s', (header, wanted) => {
    expect(negotiate(header, ['text/turtle', 'application/ld+json', 'text/html'])).toBe(wanted);
  });
});
