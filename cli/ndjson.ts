import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { HubError } from '../model/errors.ts';

/** What is done with one line; the line is a JSON value already. */
export type LineAnswer = (request: unknown) => unknown;

/** A coded error as the answer to one request. */
export const failure = ({ code, message }: HubError) => ({ errors: [{ code, detail: message }] });

/** One NDJSON line in, one out, in order; a line that is no JSON is answered with `errors`, and the rest goes on. */
export const answerLines = async (input: Readable, output: Writable, answer: LineAnswer): Promise<void> => {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const result = await answerLine(line, answer);
    if (!output.write(`${JSON.stringify(result)}\n`)) await once(output, 'drain');
  }
};

const answerLine = async (line: string, answer: LineAnswer): Promise<unknown> => {
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch (thrown) {
    return failure(new HubError('HUB_REQUEST_INVALID', `The line is no JSON: ${String(thrown)}`));
  }
  return answer(request);
};
