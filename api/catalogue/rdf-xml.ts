import type { Literal, Quad } from 'n3';
import { shortened } from './description.ts';
import { prefixes, XSD_STRING } from './vocabulary.ts';

/** A graph as RDF/XML 1.1: one rdf:Description for each subject. */
export const writeRdfXml = async (parts: AsyncIterable<readonly Quad[]>): Promise<string> => {
  const namespaces = Object.entries(prefixes).map(([prefix, iri]) => ` xmlns:${prefix}="${escaped(iri)}"`);
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', `<rdf:RDF${namespaces.join('')}>`];
  for await (const part of parts) {
    for (const [subject, quads] of Map.groupBy(part, (quad) => quad.subject.value)) {
      lines.push(`<rdf:Description rdf:about="${escaped(subject)}">`, ...quads.map(elementOf), '</rdf:Description>');
    }
  }
  return `${lines.join('\n')}\n</rdf:RDF>\n`;
};

const elementOf = ({ predicate, object }: Quad): string => {
  // Every property of the catalogue is of a namespace that has a prefix.
  const name = shortened(predicate.value);
  if (name === undefined) throw new Error(`${predicate.value} has no prefix`);
  if (object.termType === 'NamedNode') return `  <${name} rdf:resource="${escaped(object.value)}"/>`;
  const { value, language, datatype } = object as Literal;
  const type = datatype.value === XSD_STRING ? '' : ` rdf:datatype="${escaped(datatype.value)}"`;
  const attribute = language === '' ? type : ` xml:lang="${language}"`;
  return `  <${name}${attribute}>${escaped(value)}</${name}>`;
};

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
