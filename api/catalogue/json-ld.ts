import type { Literal, Quad } from 'n3';
import { shortened } from './description.ts';
import { prefixes, XSD_STRING } from './vocabulary.ts';

/** A graph as JSON-LD 1.1: one object for each subject, names by prefix. */
export const writeJsonLd = async (parts: AsyncIterable<readonly Quad[]>): Promise<string> => {
  const objects: string[] = [];
  for await (const part of parts) {
    for (const [, quads] of Map.groupBy(part, ({ subject }) => subject.value))
      objects.push(JSON.stringify(nodeOf(quads)));
  }
  return `{"@context":${JSON.stringify(prefixes)},"@graph":[\n${objects.join(',\n')}\n]}\n`;
};

const nodeOf = (quads: readonly Quad[]): Record<string, unknown> => {
  const node: Record<string, unknown> = { '@id': quads[0]?.subject.value };
  for (const [predicate, same] of Map.groupBy(quads, (quad) => quad.predicate.value)) {
    const isType = predicate === `${prefixes.rdf}type`;
    const values = same.map(({ object }) => {
      if (object.termType !== 'NamedNode') return literalOf(object as Literal);
      return isType ? (shortened(object.value) ?? object.value) : { '@id': object.value };
    });
    node[isType ? '@type' : (shortened(predicate) ?? predicate)] = values.length === 1 ? values[0] : values;
  }
  return node;
};

const literalOf = ({ value, language, datatype }: Literal): unknown => {
  if (language !== '') return { '@value': value, '@language': language };
  if (datatype.value === XSD_STRING) return value;
  return { '@value': value, '@type': shortened(datatype.value) ?? datatype.value };
};
