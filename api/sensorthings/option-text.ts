import { badOption } from './faults.ts';

/** Longest query string, in characters as they are sent. */
const MAX_QUERY = 12_000;

/** The parts of a text between separators that stand neither in parentheses nor in quotes. */
export const splitOutside = (text: string, separator: string): string[] => {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    // A doubled quote within a text closes and opens it again.
    if (character === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === separator && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
};

/** Options by name. A name that comes twice is refused: which of the two is meant is not for us to guess. */
export const namedOptions = (parts: readonly string[], where: string): Map<string, string> => {
  const options = new Map<string, string>();
  for (const part of parts) {
    if (part.trim() === '') continue;
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim();
    if (options.has(name)) throw badOption(`${where}.${name.slice(0, 60)}`, 'comes twice', 'write it once');
    options.set(name, equals < 0 ? '' : part.slice(equals + 1));
  }
  return options;
};

/** An unescaped + arrives as a blank, also the one of an offset. */
const LOST_PLUS = /(T\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?) (\d\d:\d\d)/g;

/** The options of a query string, decoded. */
export const optionsOfQuery = (query: string): Map<string, string> => {
  if (query.length > MAX_QUERY)
    throw badOption('query', `is longer than ${MAX_QUERY} characters`, 'ask in several requests');
  const parts = query.split('&').map((part) => {
    try {
      return decodeURIComponent(part.replaceAll('+', ' ')).replace(LOST_PLUS, '$1+$2');
    } catch {
      throw badOption('query', 'is not percent-encoded', 'write % as %25');
    }
  });
  return namedOptions(parts, 'query');
};
