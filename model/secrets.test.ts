import { describe, expect, it } from 'vitest';
import { hideTokens } from './secrets.ts';

const TOKEN = `plt_0123456789abcdef_${'Ab-_'.repeat(10)}xyz`;
const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl';

describe('hideTokens', () => {
  it.each([
    [`GET /x?token=${TOKEN}&y=1`, 'GET /x?token=plt_0123456789abcdef_(hidden)&y=1'],
    [`"authorization":"Bearer ${JWT}"`, '"authorization":"Bearer (hidden)"'],
    [`at ${JWT} failed`, 'at (hidden) failed'],
    ['Bearer Zm9vYmFyYmF6cXV4', 'Bearer (hidden)'],
    ['authorization=basic%20dXNlcjpwYXNzd29yZA==', 'authorization=basic%20(hidden)'],
  ])('%s', (text, hidden) => expect(hideTokens(text)).toBe(hidden));

  it('leaves everything else as it is', () => {
    for (const text of ['A bearer of good news', 'plt_0123', '{"msg":"eyJ"}', 'Basic rules'])
      expect(hideTokens(text)).toBe(text);
  });
});
