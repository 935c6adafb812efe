import { badQuery } from '../problem.ts';

const MAX_LENGTH = 300;
const HINT =
  'write letters, digits and : - _, . for any character, [a-z] for some, + * ? after one; ^ and $ at the ends';

interface Step {
  readonly takes: (char: string) => boolean;
  /** How often it may come: once, or not at all, or any number of times. */
  readonly isOptional: boolean;
  readonly repeats: boolean;
}

/**
 * Regular expressions without groups and alternatives, found anywhere as `idPattern` wants it. All ways to match are walked
 * at the same time, so that none takes longer than pattern times text.
 */
export const parseIdPattern = (text: string): ((id: string) => boolean) => {
  if (text.length > MAX_LENGTH) throw badQuery('idPattern', 'is too long', `at most ${MAX_LENGTH} characters`);
  const fromStart = text.startsWith('^');
  const toEnd = text.endsWith('$') && !text.endsWith('\\$');
  const steps = readSteps(text.slice(fromStart ? 1 : 0, toEnd ? -1 : undefined));
  return (id) => {
    let states = reach(steps, new Set([0]));
    for (const char of id) {
      if (!toEnd && states.has(steps.length)) return true;
      const next = new Set<number>(fromStart ? [] : [0]);
      for (const state of states) {
        const step = steps[state];
        if (!step?.takes(char)) continue;
        next.add(state + 1);
        if (step.repeats) next.add(state);
      }
      states = reach(steps, next);
    }
    return states.has(steps.length);
  };
};

/** Steps that need nothing may be passed over. */
const reach = (steps: readonly Step[], states: Set<number>): Set<number> => {
  for (const state of states) if (steps[state]?.isOptional) states.add(state + 1);
  return states;
};

const readSteps = (text: string): Step[] => {
  const steps: Step[] = [];
  const pattern = /(\\[\W_]|\[\^?[\w:.-]+\]|[\w:./~%@-]| )([*+?]?)/y;
  while (pattern.lastIndex < text.length) {
    const [, atom = '', often = ''] = pattern.exec(text) ?? [];
    if (atom === '') throw badQuery('idPattern', 'is not understood', HINT);
    steps.push(...stepsOf(takesOf(atom), often));
  }
  return steps;
};

const stepsOf = (takes: Step['takes'], often: string): Step[] => {
  if (often === '+') return [{ takes, isOptional: false, repeats: true }];
  return [{ takes, isOptional: often !== '', repeats: often === '*' }];
};

const takesOf = (atom: string): Step['takes'] => {
  if (atom === '.') return () => true;
  if (atom.startsWith('\\')) return (char) => char === atom[1];
  if (!atom.startsWith('[') || atom.length === 1) return (char) => char === atom;
  const isNegated = atom.startsWith('[^');
  const inside = atom.slice(isNegated ? 2 : 1, -1);
  const ranges = [...inside.matchAll(/(.)-(.)|(.)/g)].map(([, from, to, one]) => [from ?? one ?? '', to ?? one ?? '']);
  return (char) => ranges.some(([from = '', to = '']) => from <= char && char <= to) !== isNegated;
};
