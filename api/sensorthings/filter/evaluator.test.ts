import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filters, moments, numbers, printable, texts } from './arbitrary-expressions.ts';
import { compile, compileFilter, type Resolve } from './compile.ts';
import { parseFilter } from './parse.ts';
import { print } from './print.ts';
import { evaluate, type Row } from './reference-evaluator.ts';

const time = moments.map((at) => new Date(at).toISOString());
const value = fc.oneof(numbers, texts, fc.boolean(), fc.constant(null), time);
const rows: fc.Arbitrary<Row> = fc.record({
  result: fc.oneof(numbers, value),
  name: fc.oneof(texts, fc.constant(null)),
  phenomenonTime: fc.oneof(
    time,
    fc.tuple(time, time).map(([a, b]) => (a < b ? `${a}/${b}` : `${b}/${a}`)),
  ),
  validTime: fc.oneof(fc.constant(undefined), time),
  'properties/flag': fc.oneof(fc.boolean(), fc.constant(undefined)),
  'properties/any': value,
});

const over =
  (row: Row): Resolve =>
  (steps) =>
    row[steps.join('/')];

/** Of a row that was made to look like values of ours. */
const disguised = fc.record(
  {
    kind: fc.constantFrom('instant', 'interval', 'date', 'time', 'duration', 'geography'),
    type: fc.constantFrom('Point', 'Polygon', 'Feature', 'GeometryCollection'),
    ...Object.fromEntries(
      ['at', 'offsetMinutes', 'ms', 'start', 'end', 'shape', 'geometry', 'coordinates'].map((key) => [
        key,
        fc.oneof(fc.anything({ maxDepth: 2 }), fc.constantFrom<unknown>(1e300, { kind: 'instant' }, { type: 'Point' })),
      ]),
    ),
  },
  { requiredKeys: ['kind'] },
);

const runs = { numRuns: 1_500 };
const timeout = 60_000;

describe('the evaluator', () => {
  it(
    'finds what the reference finds, for any filter and row',
    () => {
      let found = 0;
      fc.assert(
        fc.property(filters, fc.array(rows, { minLength: 3, maxLength: 3 }), (filter, some) => {
          const fits = compileFilter(filter, 0);
          for (const row of some) {
            const meaning = evaluate(filter, row);
            const truth = meaning.is === 'truth' && meaning.value;
            found += truth ? 1 : 0;
            expect(fits(over(row)), `${print(filter)} over ${JSON.stringify(row)}`).toBe(truth);
          }
        }),
        runs,
      );
      expect(found).toBeGreaterThan(500);
    },
    timeout,
  );

  it(
    'knows false from unknown as the reference does',
    () => {
      fc.assert(
        fc.property(filters, rows, (filter, row) => {
          const meaning = evaluate(filter, row);
          const truth = compile(filter, 0)(over(row));
          expect(typeof truth === 'boolean' ? truth : null, print(filter)).toBe(
            meaning.is === 'truth' ? meaning.value : null,
          );
        }),
        runs,
      );
    },
    timeout,
  );

  it(
    'never throws, whatever a row holds',
    () => {
      fc.assert(
        fc.property(printable, fc.oneof(fc.anything(), disguised), (filter, anything) => {
          expect(typeof compileFilter(filter, 0)(() => anything)).toBe('boolean');
        }),
        runs,
      );
    },
    timeout,
  );
});

describe('print', () => {
  it(
    'writes what reads as the same again',
    () => {
      fc.assert(
        fc.property(printable, (filter) => {
          expect(parseFilter(print(filter))).toEqual(filter);
        }),
        runs,
      );
    },
    timeout,
  );
});
