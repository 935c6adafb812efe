import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filters, moments, numbers, texts } from './arbitrary-expressions.ts';
import type { Expression } from './ast.ts';
import { boundsOf } from './bounds.ts';
import { compileFilter } from './compile.ts';
import { parseFilter } from './parse.ts';
import { print } from './print.ts';

const NOW = Date.UTC(2026, 0, 2);
const of = (text: string) => boundsOf(parseFilter(text), NOW);

describe('boundsOf', () => {
  it('takes ranges, ids and what is about the Datastream out of a filter', () => {
    const bounds = of(
      "result gt 20 and 30 ge result and phenomenonTime ge now() sub duration'P1D' and date(phenomenonTime) lt 2026-01-03 " +
        "and (id eq 1 or @iot.id eq 2) and Datastream/name eq Datastream/description and Datastream/Thing/name ne 'x' and name ne 'y'",
    );
    expect(bounds).toMatchObject({
      phenomenonTime: { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 3) },
      resultTime: { from: -Infinity, to: Infinity },
      result: { min: 20, minOpen: true, max: 30, maxOpen: false },
      ids: [1, 2],
    });
    expect(bounds.datastream && print(bounds.datastream)).toBe("(name eq description) and (Thing/name ne 'x')");
    expect(bounds.rest && print(bounds.rest)).toBe("name ne 'y'");
  });

  it('leaves what is not a conjunct', () => {
    const text = '(result gt 20) or (phenomenonTime gt 2026-01-01T00:00:00.000Z)';
    expect(of(text)).toMatchObject({ result: undefined, ids: undefined, datastream: undefined });
    const { rest } = of(text);
    expect(rest && print(rest)).toBe(text);
    expect(boundsOf(undefined, NOW)).toMatchObject({ result: undefined, rest: undefined });
  });

  it('keeps what is of no use to a store', () => {
    for (const text of [
      'result ne 5',
      "result eq '5'",
      'Datastream/name eq name',
      'phenomenonTime ne 2026-01-01T00:00:00Z',
    ])
      expect(print(of(text).rest ?? { kind: 'path', steps: [] })).toBe(print(parseFilter(text)));
  });

  it('takes the tighter of two bounds', () => {
    const open = { min: 20, minOpen: true, max: 30, maxOpen: true };
    for (const text of [
      'result gt 20 and result ge 20 and result lt 30 and result le 30',
      'result ge 20 and result gt 20 and result le 30 and result lt 30',
      'result gt 20 and result ge 10 and result lt 30 and result le 40',
    ])
      expect(of(text).result).toEqual(open);
  });

  it('rounds instants between two milliseconds away from what does not fit', () => {
    expect(of('phenomenonTime ge 2026-01-01T00:00:00.0005Z').phenomenonTime.from).toBe(Date.UTC(2026, 0, 1) + 1);
    expect(of('phenomenonTime lt 2026-01-01T00:00:00.0005Z').phenomenonTime.to).toBe(Date.UTC(2026, 0, 1) + 1);
  });

  it('says the same as the whole filter of rows that hold an instant and a number', () => {
    const path = (...steps: string[]): Expression => ({ kind: 'path', steps });
    const ops = fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le');
    const at = (ms: number) => ({ kind: 'instant', at: ms, offsetMinutes: 0 }) as const;
    const timeLiteral = fc
      .tuple(moments, fc.constantFrom(0, 0.5, 7_200_000), fc.boolean())
      .map(([ms, more, whole]) =>
        whole ? at(ms + more) : ({ kind: 'interval', start: at(ms), end: at(ms + more) } as const),
      );
    const binary = (op: 'eq', left: Expression, right: Expression): Expression => ({ kind: 'binary', op, left, right });
    const condition = fc.oneof(
      fc.tuple(ops, numbers).map(([op, value]) => binary(op as 'eq', path('result'), { kind: 'literal', value })),
      fc
        .tuple(ops, timeLiteral)
        .map(([op, value]) => binary(op as 'eq', path('phenomenonTime'), { kind: 'literal', value })),
      fc
        .tuple(ops, timeLiteral)
        .map(([op, value]) => binary(op as 'eq', { kind: 'literal', value }, path('phenomenonTime'))),
      fc
        .tuple(ops, texts)
        .map(([op, value]) => binary(op as 'eq', path('Datastream', 'name'), { kind: 'literal', value })),
      fc.constantFrom(1, 2).map((value) => binary('eq', path('id'), { kind: 'literal', value })),
      filters,
    );
    const filter = fc
      .array(condition, { minLength: 1, maxLength: 4 })
      .map(([first, ...others]) =>
        others.reduce<Expression>((left, right) => ({ kind: 'binary', op: 'and', left, right }), first ?? path('x')),
      );
    const row = fc.record({
      at: moments,
      result: fc.oneof(numbers, fc.constant(null)),
      name: texts,
      id: fc.constantFrom(1, 2),
    });
    let found = 0;
    fc.assert(
      fc.property(filter, row, (expression, { at: ms, result, name, id }) => {
        const values = { result, id, phenomenonTime: new Date(ms).toISOString(), 'Datastream/name': name };
        const resolve = (steps: readonly string[]) => values[steps.join('/') as 'id'];
        const bounds = boundsOf(expression, NOW);
        const { min, minOpen, max, maxOpen } = bounds.result ?? { min: 0, minOpen: false, max: 0, maxOpen: false };
        const inRange = (number: number | null) =>
          number !== null && (minOpen ? number > min : number >= min) && (maxOpen ? number < max : number <= max);
        const parts = [
          ms >= bounds.phenomenonTime.from && ms < bounds.phenomenonTime.to,
          bounds.result === undefined || inRange(result),
          bounds.ids?.includes(id) ?? true,
          bounds.datastream === undefined || compileFilter(bounds.datastream, NOW)(() => name),
          bounds.rest === undefined || compileFilter(bounds.rest, NOW)(resolve),
        ];
        const whole = compileFilter(expression, NOW)(resolve);
        found += whole ? 1 : 0;
        expect(parts.every(Boolean), print(expression)).toBe(whole);
      }),
      { numRuns: 2_000 },
    );
    expect(found).toBeGreaterThan(80);
  }, 60_000);
});
