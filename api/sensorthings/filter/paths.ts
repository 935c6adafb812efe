import type { Expression } from './ast.ts';

/** Expressions right below one. */
const partsOf = (expression: Expression): readonly Expression[] => {
  switch (expression.kind) {
    case 'literal':
    case 'path':
      return [];
    case 'call':
      return expression.args;
    case 'not':
    case 'negate':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    default:
      return expression satisfies never;
  }
};

/** The steps of every path that an expression speaks of, each path once, in the order of the text. */
export const pathsOf = (expression: Expression): (readonly string[])[] => {
  const paths = new Map<string, readonly string[]>();
  const visit = (part: Expression): void => {
    if (part.kind === 'path') {
      const name = part.steps.join('/');
      if (!paths.has(name)) paths.set(name, part.steps);
    }
    partsOf(part).forEach(visit);
  };
  visit(expression);
  return [...paths.values()];
};
