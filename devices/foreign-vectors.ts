import { type Fault, HubError } from '../model/errors.ts';
import { type EpochMs, parseRfc3339 } from '../model/time.ts';
import type { CodecInput } from './codec.ts';
import { type DecodedFrame, decodeFrame } from './decode.ts';
import type { ForeignEntry } from './foreign.ts';
import type { ForeignVector } from './foreign-schema.ts';
import type { ForeignAnswer } from './script-decoder.ts';

/** All vectors of a codec may take so long together: they run in the thread that writes. */
const MAX_TIME_MS = 500;

interface VectorOptions {
  /** Time of reception of vectors that name none. */
  readonly now: EpochMs;
  /** Milliseconds of any beginning that only grow. */
  readonly elapsedMs: () => number;
}

/**
 * Runs a codec over its vectors: what the script answers, and what its mapping makes of it. Answers a fault for each
 * vector that gives something else; none of them naming a value of an observed property is one as well, since a mapping
 * whose fields are misspelt would otherwise pass in silence.
 */
export const checkVectors = (
  entry: ForeignEntry,
  vectors: readonly ForeignVector[],
  { now, elapsedMs }: VectorOptions,
): Fault[] => {
  const faults: Fault[] = [];
  const begin = elapsedMs();
  let values = 0;
  for (const [i, vector] of vectors.entries()) {
    const path = `vectors[${i}]`;
    if (elapsedMs() - begin > MAX_TIME_MS) {
      return [...faults, { path, message: `The vectors before it took more than ${MAX_TIME_MS} ms; it was not run` }];
    }
    const frame = runVector(entry, vector, { now, path, faults });
    values += frame?.values.length ?? 0;
  }
  if (values === 0 && faults.length === 0) {
    const hint = 'fields are the names of the answer in snake_case, joined by _, e.g. probe_temp_c';
    faults.push({
      path: 'profile.fields',
      message: 'No vector gives a value of any field that the profile maps',
      hint,
    });
  }
  return faults;
};

const runVector = (
  entry: ForeignEntry,
  vector: ForeignVector,
  { now, path, faults }: { now: EpochMs; path: string; faults: Fault[] },
): DecodedFrame | undefined => {
  const input = inputOf(vector, now);
  const fault = (place: string, message: string) => faults.push({ path: `${path}${place}`, message });
  if (vector.expected) {
    const answer = answerOf(entry, input);
    if (answer instanceof HubError) {
      fault('', answer.message);
      return undefined;
    }
    const difference = differenceOf(answer.data, vector.expected, `${path}.expected`);
    if (difference) faults.push(difference);
  }
  const frame = decodeFrame(entry, input);
  if ('errors' in frame) {
    fault('', frame.errors.map(({ code, detail }) => `${code}: ${detail}`).join('; '));
    return undefined;
  }
  const found = new Map(frame.values.map(({ property, channel, value }) => [keyOf(property, channel), value]));
  for (const [key, expected] of Object.entries(vector.values ?? {})) {
    if (!found.has(key)) fault(`.values.${key}`, 'There is no such value');
    else if (!isSame(found.get(key), expected)) fault(`.values.${key}`, `is ${found.get(key)}, not ${expected}`);
  }
  return frame;
};

const keyOf = (property: string, channel: string | undefined): string =>
  channel === undefined ? property : `${property}.${channel}`;

const inputOf = ({ fPort, hex, receivedAt, variables = {}, decoded }: ForeignVector, now: EpochMs): CodecInput => ({
  fPort,
  bytes: Uint8Array.fromHex(hex),
  receivedAt: (receivedAt === undefined ? undefined : parseRfc3339(receivedAt)) ?? now,
  parameters: variables,
  ...(decoded && { decoded }),
});

const answerOf = ({ decoder }: ForeignEntry, input: CodecInput): ForeignAnswer | HubError => {
  try {
    return decoder.answer(input);
  } catch (thrown) {
    if (thrown instanceof HubError) return thrown;
    throw thrown;
  }
};

/** Every member of `expected` in `actual`; lists as long as each other. */
const differenceOf = (actual: unknown, expected: unknown, path: string): Fault | undefined => {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return unlike(actual, expected, path);
    return firstOf(expected.entries(), ([i, item]) => differenceOf(actual[i], item, `${path}[${i}]`));
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return unlike(actual, expected, path);
    return firstOf(Object.entries(expected), ([key, item]) =>
      differenceOf(
        Object.hasOwn(actual, key) ? (actual as Record<string, unknown>)[key] : undefined,
        item,
        `${path}.${key}`,
      ),
    );
  }
  return isSame(actual, expected) ? undefined : unlike(actual, expected, path);
};

const firstOf = <T>(items: Iterable<T>, find: (item: T) => Fault | undefined): Fault | undefined => {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return undefined;
};

const MAX_SHOWN = 120;

const unlike = (actual: unknown, expected: unknown, path: string): Fault => ({
  path,
  message: `The codec answers ${textOf(actual)}, not ${textOf(expected)}`,
});

const textOf = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, MAX_SHOWN);

/** Numbers may differ by what a conversion leaves behind the ninth digit. */
const isSame = (a: unknown, b: unknown): boolean =>
  typeof a === 'number' && typeof b === 'number'
    ? Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
    : a === b;
