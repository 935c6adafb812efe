import fc from 'fast-check';
import { type JSONValue, jsonpath } from 'json-p3';
import { describe, expect, it } from 'vitest';
import { isJson } from './fields.ts';
import { compilePath, pathFault } from './json-path.ts';

describe('JSON paths', () => {
  it('find what RFC 9535 says, by the short way too', () => {
    const name = fc.constantFrom('a', 'b', '__proto__', 'toString', 'length', '0');
    const part = fc.oneof(
      name.map((text) => `['${text}']`),
      fc.integer({ min: -2, max: 2 }).map((place) => `[${place}]`),
      fc.constantFrom('[*]', '..a', '[0:2]', '[?@.a == 1]'),
    );
    const path = fc.array(part, { maxLength: 4 }).map((parts) => `$${parts.join('')}`);
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, fc.constantFrom(null, 1, 'x'), tie('list'), tie('object')),
      list: fc.array(tie('value'), { maxLength: 3 }),
      object: fc.dictionary(name, tie('value'), { maxKeys: 3 }),
    }));
    fc.assert(
      fc.property(path, value, (text, document) => {
        fc.pre(isJson(document));
        expect(compilePath(text)(document)).toEqual(jsonpath.query(text, document as JSONValue).values());
      }),
      { numRuns: 2000 },
    );
  });

  it('know no regular expressions, and say where a path is wrong', () => {
    expect(pathFault('$.a[?length(@.b) > 1]')).toBeUndefined();
    for (const text of ["$[?match(@.a, 'a*')]", '$[?search(@.a, @.b)]'])
      expect(pathFault(text)).toContain('no such function');
    for (const text of ['', 'a.b', '$.', '$.a[', '$..']) expect(pathFault(text)).toEqual(expect.any(String));
  });
});
