import type { Expression } from './filter/ast.ts';

const isNull = (expression: Expression): boolean => expression.kind === 'literal' && expression.value === null;

const isSomething = (operand: Expression): Expression => ({
  kind: 'binary',
  op: 'ne',
  left: operand,
  right: { kind: 'literal', value: null },
});

/**
 * A filter in which `a ne b` does not find what has no `a`, unless null itself is asked for. OData would have it found;
 * the OGC's suite and FROST-Server would not, and clients go by these.
 */
export const withoutNulls = (expression: Expression): Expression => {
  switch (expression.kind) {
    case 'literal':
    case 'path':
      return expression;
    case 'call':
      return { ...expression, args: expression.args.map(withoutNulls) };
    case 'not':
    case 'negate':
      return { ...expression, operand: withoutNulls(expression.operand) };
    case 'binary': {
      const { op, left, right } = expression;
      const plain: Expression = { kind: 'binary', op, left: withoutNulls(left), right: withoutNulls(right) };
      if (op !== 'ne' || isNull(left) || isNull(right)) return plain;
      return [left, right]
        .filter(({ kind }) => kind !== 'literal')
        .reduce<Expression>(
          (all, operand) => ({ kind: 'binary', op: 'and', left: all, right: isSomething(operand) }),
          plain,
        );
    }
    default:
      return expression satisfies never;
  }
};
