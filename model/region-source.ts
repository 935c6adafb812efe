import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Document as YamlDocument,
} from 'yaml';
import type { Fault } from './errors.ts';

/** A YAML text with the positions of what stands in it. */
export interface YamlSource {
  readonly value: unknown;
  /** 1-based line of what is at the path, or of the nearest thing around it. */
  lineOf(path: readonly PropertyKey[]): number;
  /** What the file literally says at the path, for scalars. */
  writtenAt(path: readonly PropertyKey[]): string | undefined;
}

/** How often aliases may multiply an anchor: enough for people, too little for a "billion laughs" file. */
const MAX_ALIAS_COUNT = 100;

/** Reads YAML 1.2 (core schema) or answers why not. Bounded against alias bombs and deep nesting. */
export const readYaml = (text: string): YamlSource | { readonly faults: readonly Fault[] } => {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
    if (document.errors.length > 0) return { faults: yamlFaults(document, lines) };
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
    return { value, ...positions(document, lines) };
  } catch (thrown) {
    return { faults: [{ path: '', ...explain(thrown instanceof Error ? thrown.message : String(thrown)), line: 1 }] };
  }
};

const explain = (message: string): Pick<Fault, 'message' | 'hint'> => {
  if (/call stack/i.test(message)) return { message: 'nested too deeply', hint: 'a region file needs six levels' };
  if (/alias/i.test(message)) return { message: `aliases: ${message}`, hint: 'write the entries out' };
  return { message: `not YAML: ${message.split('\n')[0] ?? 'unreadable'}` };
};

/** One fault per line: a parser that lost its way repeats itself. */
const yamlFaults = (document: YamlDocument, lines: LineCounter): Fault[] => {
  const byLine = new Map<number, Fault>();
  for (const error of document.errors) {
    const { line } = lines.linePos(error.pos[0]);
    if (!byLine.has(line)) byLine.set(line, { path: '', ...explain(error.message), line });
  }
  return [...byLine.values()];
};

const positions = (document: YamlDocument, lines: LineCounter): Omit<YamlSource, 'value'> => {
  const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  /** The node at the path, and the last thing on the way there whose place in the text is known. */
  const walk = (path: readonly PropertyKey[]): { readonly node: unknown; readonly last: Node | undefined } => {
    let node: unknown = document.contents;
    let last: Node | undefined = isNode(node) ? node : undefined;
    for (const step of path) {
      const holder = resolve(node);
      if (isMap(holder)) {
        const pair = holder.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
        if (isNode(pair?.key)) last = pair.key;
        node = pair?.value;
      } else {
        node = isSeq(holder) ? holder.items[Number(step)] : undefined;
        if (isNode(node)) last = node;
      }
    }
    return { node: resolve(node), last };
  };
  return {
    lineOf: (path) => {
      const { last } = walk(path);
      return last?.range ? lines.linePos(last.range[0]).line : 1;
    },
    writtenAt: (path) => {
      const { node } = walk(path);
      return isScalar(node) ? (node.source ?? undefined) : undefined;
    },
  };
};
