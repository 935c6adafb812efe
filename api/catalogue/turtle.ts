import { type Quad, Writer } from 'n3';
import { prefixes } from './vocabulary.ts';

/** A graph as Turtle 1.1, written part by part. */
export const writeTurtle = async (parts: AsyncIterable<readonly Quad[]>): Promise<string> => {
  const writer = new Writer({ prefixes });
  for await (const part of parts) writer.addQuads([...part]);
  return new Promise((resolve, reject) => {
    writer.end((error: Error | null | undefined, result: string) => (error ? reject(error) : resolve(result)));
  });
};
