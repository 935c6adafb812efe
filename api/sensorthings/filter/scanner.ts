/** A place in the text of a query option, the patterns that are read there, and what is said where they do not fit. */
import { HubError } from '../../../model/errors.ts';

/** Longest text of one option, characters. */
export const MAX_CHARACTERS = 8_000;
/** Parentheses, functions, `not` and `-` inside each other. */
export const MAX_DEPTH = 60;
/** Literals, paths, operators and functions of one expression. */
export const MAX_NODES = 500;
/** Steps of one path. */
export const MAX_STEPS = 20;
/** Keys of one $orderby. */
export const MAX_ORDER_KEYS = 10;

const SHOWN_CHARACTERS = 20;

export interface Scanner {
  readonly text: string;
  /** Place of the next character. */
  at: number;
  /** Throws HUB_REQUEST_INVALID. */
  fail(message: string, hint: string): never;
  /** The same, of a place. */
  failAt(at: number, message: string, hint: string): never;
  /** The same, of what stands here instead. */
  expected(what: string, hint: string): never;
  skipSpace(): void;
  /** What a sticky pattern finds here. */
  peek(pattern: RegExp): string | undefined;
  /** The same, and steps over it. */
  take(pattern: RegExp): string | undefined;
  /** Steps over one sign, spaces before it included. */
  takeSign(sign: string): boolean;
  /** Counts a node of the tree, so that the work per row stays bounded. */
  node<T>(node: T): T;
  /** Reads something one level deeper, so that no text exhausts the stack. */
  deeper<T>(read: () => T): T;
}

type Place = Pick<Scanner, 'text' | 'at'>;

const failures = (place: Place, option: string): Pick<Scanner, 'fail' | 'failAt' | 'expected'> => {
  const fail = (message: string, hint: string): never => {
    throw new HubError('HUB_REQUEST_INVALID', `${option.slice(option.indexOf('$'))} ${message}`, {
      faults: [{ path: option, message, hint }],
    });
  };
  const failAt = (at: number, message: string, hint: string): never => fail(`at character ${at + 1}: ${message}`, hint);
  return {
    fail,
    failAt,
    expected: (what, hint) => {
      const rest = place.text.slice(place.at, place.at + SHOWN_CHARACTERS);
      return failAt(place.at, `expected ${what}, found ${rest === '' ? 'the end' : JSON.stringify(rest)}`, hint);
    },
  };
};

const reading = (place: Place): Pick<Scanner, 'skipSpace' | 'peek' | 'take' | 'takeSign'> => {
  const skipSpace = (): void => {
    while (place.at < place.text.length && ' \t\r\n'.includes(place.text.charAt(place.at))) place.at += 1;
  };
  const peek = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = place.at;
    return pattern.exec(place.text)?.[0];
  };
  return {
    skipSpace,
    peek,
    take: (pattern) => {
      const found = peek(pattern);
      if (found !== undefined) place.at += found.length;
      return found;
    },
    takeSign: (sign) => {
      skipSpace();
      if (place.text.charAt(place.at) !== sign) return false;
      place.at += 1;
      return true;
    },
  };
};

const limits = (fail: Scanner['fail']): Pick<Scanner, 'node' | 'deeper'> => {
  let depth = 0;
  let nodes = 0;
  return {
    node: (node) => {
      nodes += 1;
      if (nodes > MAX_NODES)
        fail(`has more than ${MAX_NODES} literals, paths, operators and functions`, 'Ask in several requests');
      return node;
    },
    deeper: (read) => {
      depth += 1;
      if (depth > MAX_DEPTH) fail(`is nested more than ${MAX_DEPTH} deep`, 'Leave out needless parentheses');
      const result = read();
      depth -= 1;
      return result;
    },
  };
};

/** `option` is the path of faults: `query.$filter`. Throws HUB_REQUEST_INVALID where the text is too long. */
export const scannerOf = (text: string, option: string): Scanner => {
  const place = { text, at: 0 };
  const failing = failures(place, option);
  if (text.length > MAX_CHARACTERS)
    failing.fail(`has ${text.length} characters; ${MAX_CHARACTERS} are allowed`, 'Ask in several requests');
  return Object.assign(place, failing, reading(place), limits(failing.fail));
};
