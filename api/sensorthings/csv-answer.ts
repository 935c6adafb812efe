import { Readable } from 'node:stream';
import type { Answer } from './answer.ts';
import type { Context } from './context.ts';
import { headerLine, lineOf } from './csv.ts';
import { columnsOf } from './csv-columns.ts';
import { type EntitySet, entityTypes } from './entity-model.ts';
import type { Node } from './node.ts';
import { pageOfNodes } from './node-page.ts';
import { pageOfObservations } from './observation-page.ts';
import type { Options } from './options.ts';
import { presentAll } from './present.ts';
import type { Target } from './resolve.ts';
import type { Row } from './row.ts';
import type { Token } from './token.ts';
import { walkOf } from './walk.ts';

export const CSV = 'text/csv; charset=utf-8';

/** A page of a set that is asked for. */
export interface PageAsk {
  readonly context: Context;
  readonly target: Exclude<Target, { kind: 'entity' }>;
  readonly set: EntitySet;
  readonly options: Options;
  readonly text: ReadonlyMap<string, string>;
  readonly token: Token | undefined;
  readonly address: string;
}

/** Rows of one page of a CSV, which is sent while it is made. */
const CSV_PAGE = 5_000;

/** There is no link in a CSV: without $top, all of it is sent. */
export const csvAnswer = async (page: PageAsk): Promise<Answer> => {
  const { context, set, options, target } = page;
  const columns = columnsOf(set, options);
  // Addresses have no place in it: they need not be made.
  const shown = {
    ...options,
    select: options.select ?? [['id'], ...entityTypes[set].properties.map(({ name }) => [name])],
  };
  const pages = async function* () {
    yield headerLine(columns);
    let left = options.top ?? Number.POSITIVE_INFINITY;
    let begin: Begin | undefined = { skip: options.skip, token: page.token };
    while (begin && left > 0) {
      const some = { ...options, count: false, skip: begin.skip, top: Math.min(left, CSV_PAGE) };
      const found = await pageFrom(context, target, { set, options: some, token: begin.token });
      // What was sent is no longer held.
      const lines = await presentAll(
        { ...context, budget: { ...context.budget, spend: () => undefined } },
        found.entities,
        shown,
      );
      yield lines.map((entity) => lineOf(columns, entity)).join('');
      left -= found.entities.length;
      begin = found.next;
    }
  };
  return { text: await begun(pages()), type: CSV };
};

/** Where a page begins. */
interface Begin {
  readonly skip: number;
  readonly token: Token | undefined;
}

const pageFrom = async (
  context: Context,
  target: PageAsk['target'],
  { set, options, token }: { set: EntitySet; options: Options; token: Token | undefined },
): Promise<{ entities: readonly (Node | Row)[]; next: Begin | undefined }> => {
  const walk = walkOf(context);
  if (target.kind === 'nodes') {
    const { nodes, next } = await pageOfNodes(context, target.nodes, { set, options, walk });
    return { entities: nodes, next: next === undefined ? undefined : { skip: next, token: undefined } };
  }
  const { rows, next } = await pageOfObservations(context, target.sources, { options, walk, token });
  return { entities: rows, next: next && { skip: 0, token: next } };
};

/** A stream whose first part is made already: what is wrong with a request shows before an answer has begun. */
const begun = async (parts: AsyncGenerator<string>): Promise<Readable> => {
  const header = await parts.next();
  const first = await parts.next();
  return Readable.from(
    (async function* () {
      if (!header.done) yield header.value;
      if (!first.done) yield first.value;
      yield* parts;
    })(),
    { objectMode: false, highWaterMark: 1 << 20 },
  );
};
