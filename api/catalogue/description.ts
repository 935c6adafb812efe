import { DataFactory, type Literal, type NamedNode, type Quad } from 'n3';
import { type EpochMs, formatTime } from '../../model/time.ts';
import { type Prefix, prefixes, term } from './vocabulary.ts';

/** Values of one property: nothing, one or several. */
type Values = Term | readonly (Term | undefined)[] | undefined;
type Term = NamedNode | Literal;
type Name = `${Prefix}:${string}`;

const named = (name: Name): NamedNode => {
  const at = name.indexOf(':');
  return term(name.slice(0, at) as Prefix, name.slice(at + 1));
};

/** The statements about one subject. Subjects have names and are no blank nodes, so that every answer is the same. */
export const describe = (
  subject: string,
  types: readonly Name[],
  properties: readonly (readonly [Name, Values])[],
): Quad[] => {
  const about = DataFactory.namedNode(subject);
  const statement = (name: Name, value: Term): Quad => DataFactory.quad(about, named(name), value);
  return [
    ...types.map((type) => statement('rdf:type', named(type))),
    ...properties.flatMap(([name, values]) =>
      [values].flat().flatMap((value) => (value === undefined ? [] : [statement(name, value as Term)])),
    ),
  ];
};

/** Characters that no IRI may hold (RFC 3987 §2.2), though addresses that people write do. */
const UNWISE = /[\s<>"{}|\\^`]/g;

export const link = (iri: string): NamedNode => DataFactory.namedNode(iri.replace(UNWISE, encodeURIComponent));

/** XML 1.0 cannot carry these, and takes a carriage return for a line feed. */
const UNWRITABLE = /[^\P{Cc}\t\n\u007f-\u009f]|[\ufffe\uffff]/gu;
const clean = (text: string): string => text.toWellFormed().replace(/\r\n?/g, '\n').replace(UNWRITABLE, '');

export const text = (value: string, language?: 'de' | 'en'): Literal => DataFactory.literal(clean(value), language);

/** A text in both languages. */
export const localised = ({ de, en }: { readonly de: string; readonly en: string }): Literal[] => [
  text(de, 'de'),
  text(en, 'en'),
];

export const typed = (value: string, type: Name): Literal => DataFactory.literal(value, named(type));

/** The day in UTC: days change less often than instants, and so do catalogues. */
export const dayText = (time: EpochMs): string => formatTime(time).slice(0, 10);
export const day = (time: EpochMs): Literal => typed(dayText(time), 'xsd:date');

/** An IRI by its prefix, where one fits. */
export const shortened = (iri: string): string | undefined => {
  const found = Object.entries(prefixes).find(
    ([, start]) => iri.startsWith(start) && /^[a-z][\w-]*$/i.test(iri.slice(start.length)),
  );
  return found && `${found[0]}:${iri.slice(found[1].length)}`;
};
