/** Random expressions and rows for the property tests. */
import fc from 'fast-check';
import {
  arithmeticOperators,
  type Comparison,
  comparisonOperators,
  type Expression,
  type FunctionName,
} from './ast.ts';

const literal = (value: Extract<Expression, { kind: 'literal' }>['value']): Expression => ({ kind: 'literal', value });
const path = (...steps: string[]): Expression => ({ kind: 'path', steps });

/** Texts that look like other things, too. */
export const texts = fc.constantFrom(
  '',
  'a',
  "it's",
  '5',
  'true',
  'ä😀b',
  '2026-01-01',
  '2026-01-01T00:00:00.000Z',
  '2026-01-01T02:00:00+01:00',
  '2026-01-01T00:00:00Z/2026-01-02T00:00:00Z',
  'a/b',
);
export const numbers = fc.constantFrom(-2.5, -1, 0, 0.5, 1, 2, 5, 20, 1e21, 1e-7);
/** Few instants, so that they often meet. */
export const moments = fc.integer({ min: 0, max: 6 }).map((hours) => Date.UTC(2026, 0, 1) + hours * 3_600_000);

const instants = fc
  .tuple(moments, fc.constantFrom(0, 60, -330))
  .map(([at, offsetMinutes]) => ({ kind: 'instant', at, offsetMinutes }) as const);
const intervals = fc.tuple(instants, fc.integer({ min: 0, max: 3 })).map(([start, hours]) => {
  const end = { ...start, at: start.at + hours * 3_600_000 };
  return { kind: 'interval', start, end } as const;
});
const dates = fc.constantFrom(0, 1).map((day) => ({ kind: 'date', at: Date.UTC(2026, 0, 1 + day) }) as const);
const durations = fc.constantFrom(-3_600_000, 1, 1_500, 3_600_000).map((ms) => ({ kind: 'duration', ms }) as const);
const clocks = fc.constantFrom(0, 1_500, 3_600_000).map((ms) => ({ kind: 'time', ms }) as const);
const shapes = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 9 })).map(([x, y]) => {
  const coordinates = [x === 0 ? 1 : x, y];
  return { kind: 'geography', shape: { type: 'Point', coordinates } } as const;
});

const call = (name: FunctionName, ...args: fc.Arbitrary<Expression>[]): fc.Arbitrary<Expression> =>
  fc.tuple(...args).map((given) => ({ kind: 'call', name, args: given }));

const binary = <Op extends Comparison | (typeof arithmeticOperators)[number] | 'and' | 'or'>(
  op: fc.Arbitrary<Op>,
  left: fc.Arbitrary<Expression>,
  right: fc.Arbitrary<Expression>,
): fc.Arbitrary<Expression> =>
  fc.tuple(op, left, right).map(([operator, a, b]) => ({ kind: 'binary', op: operator, left: a, right: b }));

const paths = [
  path('result'),
  path('name'),
  path('phenomenonTime'),
  path('validTime'),
  path('properties', 'flag'),
  path('properties', 'any'),
] as const;
const anyPath: fc.Arbitrary<Expression> = fc.constantFrom(...paths);

type Trees = Record<'number' | 'text' | 'moment' | 'truth', Expression>;

const { truth } = fc.letrec<Trees>((tie) => ({
  number: fc.oneof(
    { maxDepth: 4 },
    numbers.map(literal),
    anyPath,
    binary(fc.constantFrom(...arithmeticOperators), tie('number'), tie('number')),
    tie('number').map((operand): Expression => ({ kind: 'negate', operand })),
    call('length', tie('text')),
    call('indexof', tie('text'), tie('text')),
    ...(['round', 'floor', 'ceiling'] as const).map((name) => call(name, tie('number'))),
    ...(['year', 'day', 'hour', 'totaloffsetminutes'] as const).map((name) => call(name, tie('moment'))),
  ),
  text: fc.oneof(
    { maxDepth: 4 },
    texts.map(literal),
    anyPath,
    ...(['tolower', 'toupper', 'trim'] as const).map((name) => call(name, tie('text'))),
    call('concat', tie('text'), tie('text')),
    call('substring', tie('text'), fc.constantFrom(0, 1, 2).map(literal)),
    call('substring', tie('text'), fc.constantFrom(0, 1).map(literal), fc.constantFrom(0, 2).map(literal)),
  ),
  moment: fc.oneof(
    { maxDepth: 4 },
    instants.map(literal),
    intervals.map(literal),
    dates.map(literal),
    anyPath,
    binary(fc.constantFrom('add', 'sub'), tie('moment'), durations.map(literal)),
  ),
  truth: fc.oneof(
    { maxDepth: 5 },
    ...(['number', 'text', 'moment'] as const).map((kind) =>
      binary(fc.constantFrom(...comparisonOperators), tie(kind), tie(kind)),
    ),
    binary(fc.constantFrom(...comparisonOperators), anyPath, fc.oneof(clocks, durations).map(literal)),
    binary(
      fc.constantFrom(...comparisonOperators),
      binary(fc.constantFrom('sub'), tie('moment'), tie('moment')),
      durations.map(literal),
    ),
    binary(fc.constantFrom(...comparisonOperators), tie('number'), tie('text')),
    binary(fc.constantFrom(...comparisonOperators), anyPath, fc.constantFrom(true, false, null).map(literal)),
    binary(fc.constantFrom('and', 'or'), tie('truth'), tie('truth')),
    tie('truth').map((operand): Expression => ({ kind: 'not', operand })),
    fc.constantFrom(true, false).map(literal),
    anyPath,
    ...(['contains', 'startswith', 'endswith', 'substringof'] as const).map((name) =>
      call(name, tie('text'), tie('text')),
    ),
    ...(['overlaps', 'during', 'before'] as const).map((name) => call(name, tie('moment'), tie('moment'))),
  ),
}));

export const filters = truth;

const points = fc.oneof(shapes.map(literal), fc.constant(path('location')));
/** With geometries too, which the evaluators of the tests leave to their tables. */
export const printable = fc.oneof(
  filters,
  call('st_within', points, points),
  binary(fc.constantFrom(...comparisonOperators), call('geo.distance', points, points), numbers.map(literal)),
);
