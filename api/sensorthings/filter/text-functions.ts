/**
 * Functions of texts (OGC 18-088 §9.3.3.5.2). Positions and lengths count characters, not the halves of which JavaScript
 * makes some of them, and begin at zero. Numbers and truths count as their texts; of null the answer is null.
 */
import { formatTime } from '../../../model/time.ts';
import type { Instant } from './ast.ts';
import { timeOf } from './times.ts';

const written = ({ at }: Instant): string => formatTime(Math.floor(at));

const textOf = (value: unknown): string | null => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const time = typeof value === 'object' ? timeOf(value) : undefined;
  if (time === undefined) return null;
  if (time.kind === 'date') return formatTime(time.at).slice(0, 10);
  return time.kind === 'instant' ? written(time) : `${written(time.start)}/${written(time.end)}`;
};

const ofText = (answer: (text: string) => unknown) => (value: unknown) => {
  const text = textOf(value);
  return text === null ? null : answer(text);
};

const ofTexts = (answer: (a: string, b: string) => unknown) => (a: unknown, b: unknown) => {
  const first = textOf(a);
  const second = textOf(b);
  return first === null || second === null ? null : answer(first, second);
};

const SURROGATE = /[\ud800-\udfff]/;

const lengthOf = (text: string): number => (SURROGATE.test(text) ? Array.from(text).length : text.length);

const indexOf = (text: string, part: string): number => {
  const at = text.indexOf(part);
  return at < 0 ? -1 : lengthOf(text.slice(0, at));
};

const substring = (value: unknown, from: unknown, count: unknown): string | null => {
  const text = textOf(value);
  if (text === null || typeof from !== 'number' || (count !== undefined && typeof count !== 'number')) return null;
  const start = Math.max(0, Math.trunc(from));
  const end = count === undefined ? undefined : start + Math.max(0, Math.trunc(count));
  return SURROGATE.test(text) ? Array.from(text).slice(start, end).join('') : text.slice(start, end);
};

export const textFunctions = {
  substringof: ofTexts((part, text) => text.includes(part)),
  contains: ofTexts((text, part) => text.includes(part)),
  startswith: ofTexts((text, part) => text.startsWith(part)),
  endswith: ofTexts((text, part) => text.endsWith(part)),
  length: ofText(lengthOf),
  indexof: ofTexts(indexOf),
  substring,
  tolower: ofText((text) => text.toLowerCase()),
  toupper: ofText((text) => text.toUpperCase()),
  trim: ofText((text) => text.trim()),
  concat: ofTexts((a, b) => a + b),
};
