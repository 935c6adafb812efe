import {
  type EntitySet,
  entityTypes,
  idNames,
  type Navigation,
  navigationOf,
  propertyOf,
  selfLinkNames,
} from './entity-model.ts';
import { badOption } from './faults.ts';
import type { Expression, OrderKey } from './filter/ast.ts';
import { parseFilter, parseOrderBy } from './filter/parse.ts';
import { pathsOf } from './filter/paths.ts';
import { namedOptions, splitOutside } from './option-text.ts';

/** Entities on a page where $top says nothing, and the most that a page holds. */
const DEFAULT_TOP = 100;
const MAX_TOP = 10_000;
const MAX_SKIP = 1_000_000_000;
const MAX_EXPAND_DEPTH = 6;
const MAX_EXPANDS = 40;
const MAX_SELECTS = 60;

/** What is asked of one set, or of one entity. */
export interface Options {
  readonly filter?: Expression;
  readonly orderBy: readonly OrderKey[];
  /** As it was asked; a page holds MAX_TOP at most, see `pageSize`. */
  readonly top?: number;
  readonly skip: number;
  readonly count: boolean;
  /** Paths of the properties and names of the links that are shown; absent: all. */
  readonly select?: readonly (readonly string[])[];
  readonly expand: readonly Expand[];
}

export interface Expand {
  readonly navigation: Navigation;
  readonly options: Options;
  /** Its options as they were written, for the link to the rest. */
  readonly text: ReadonlyMap<string, string>;
}

export const pageSize = ({ top = DEFAULT_TOP }: Pick<Options, 'top'>): number => Math.min(top, MAX_TOP);

const known = ['$filter', '$orderby', '$top', '$skip', '$count', '$select', '$expand'];

interface Place {
  readonly set: EntitySet;
  /** Fault path of what is read. */
  readonly where: string;
  readonly depth: number;
}

/** Reads query options of a set (18-088 §9.3); `text` gives them decoded, by name. */
export const parseOptions = (text: ReadonlyMap<string, string>, set: EntitySet): Options =>
  read(text, { set, where: 'query', depth: 0 });

const read = (text: ReadonlyMap<string, string>, place: Place): Options => {
  const { set, where } = place;
  for (const option of text.keys()) {
    if (!known.includes(option)) {
      throw badOption(`${where}.${option.slice(0, 60)}`, 'is no option here', `write one of ${known.join(', ')}`);
    }
  }
  const filter = text.get('$filter');
  const orderBy = text.get('$orderby');
  const top = text.get('$top');
  const skip = text.get('$skip');
  const select = text.get('$select');
  const expand = text.get('$expand');
  return {
    ...(filter !== undefined && {
      filter: checked(parseFilter(filter, `${where}.$filter`), set, `${where}.$filter`),
    }),
    orderBy: orderBy === undefined ? [] : readOrder(orderBy, place),
    ...(top !== undefined && { top: readCount(top, `${where}.$top`) }),
    skip: skip === undefined ? 0 : readCount(skip, `${where}.$skip`),
    count: readTruth(text.get('$count'), `${where}.$count`),
    ...(select !== undefined && { select: readSelect(select, place) }),
    expand: expand === undefined ? [] : readExpand(expand, place),
  };
};

const readCount = (text: string, path: string): number => {
  const value = /^\s*\d{1,10}\s*$/.test(text) ? Number(text) : Number.NaN;
  if (value <= MAX_SKIP) return value;
  throw badOption(path, 'is no number of entities', `write a whole number from 0 to ${MAX_SKIP}`);
};

const readTruth = (text: string | undefined, path: string): boolean => {
  const plain = text?.trim();
  if (plain === undefined || plain === 'false') return false;
  if (plain === 'true') return true;
  throw badOption(path, 'is neither true nor false', 'write true or false');
};

const readOrder = (text: string, { set, where }: Place): OrderKey[] => {
  const keys = parseOrderBy(text, `${where}.$orderby`);
  for (const { expression } of keys) checked(expression, set, `${where}.$orderby`);
  return keys;
};

const checked = (expression: Expression, set: EntitySet, path: string): Expression => {
  for (const steps of pathsOf(expression)) {
    const fault = faultOfPath(set, steps);
    if (fault !== undefined) throw badOption(path, `"${steps.join('/').slice(0, 120)}" leads nowhere`, fault);
  }
  return expression;
};

/** Why a path leads nowhere from an entity of a set, as what to write instead. */
const faultOfPath = (set: EntitySet, [first = '', ...rest]: readonly string[]): string | undefined => {
  const navigation = navigationOf(set, first);
  if (navigation && rest.length > 0) return faultOfPath(navigation.set, rest);
  if (idNames.includes(first) || selfLinkNames.includes(first)) return undefined;
  const property = propertyOf(set, first);
  if (property && (rest.length === 0 || property.kind !== 'text')) return undefined;
  return `write one of @iot.id, ${namesOf(set).join(', ')}`;
};

const namesOf = (set: EntitySet): string[] => {
  const { properties, navigations } = entityTypes[set];
  return [...properties.map(({ name }) => name), ...navigations.map(({ name }) => `${name}/…`)];
};

const readSelect = (text: string, { set, where }: Place): (readonly string[])[] => {
  const paths = text.split(',').map((path) => path.trim().split('/'));
  if (paths.length > MAX_SELECTS) throw badOption(`${where}.$select`, 'names too much', `at most ${MAX_SELECTS} names`);
  for (const path of paths) {
    const [first = '', ...rest] = path;
    const isLink = navigationOf(set, first) !== undefined && rest.length === 0;
    if (first !== '*' && !isLink && (navigationOf(set, first) || faultOfPath(set, path) !== undefined)) {
      const hint = `write some of id, ${namesOf(set).join(', ').replaceAll('/…', '')}`;
      throw badOption(`${where}.$select`, `"${path.join('/').slice(0, 120)}" is not known`, hint);
    }
  }
  return paths;
};

const readExpand = (text: string, place: Place): Expand[] => {
  const { set, where, depth } = place;
  const path = `${where}.$expand`;
  if (depth >= MAX_EXPAND_DEPTH) throw badOption(path, 'is nested too deep', `at most ${MAX_EXPAND_DEPTH} levels`);
  const parts = splitOutside(text, ',');
  if (parts.length > MAX_EXPANDS) throw badOption(path, 'names too much', `at most ${MAX_EXPANDS} links`);
  const expands = new Map<string, Expand>();
  for (const part of parts) {
    const [name, body] = linkOf(part.trim());
    const navigation = navigationOf(set, name);
    if (!navigation) {
      const links = entityTypes[set].navigations.map((link) => link.name).join(', ');
      throw badOption(path, `"${name.slice(0, 120)}" is no link of ${set}`, `write some of ${links}`);
    }
    if (body === undefined)
      throw badOption(path, `"${part.trim().slice(0, 120)}" is not closed`, 'write Link($top=1;…)');
    const text = withExpand(expands.get(name)?.text, namedOptions(splitOutside(body, ';'), path));
    expands.set(name, {
      navigation,
      options: read(text, { set: navigation.set, where: path, depth: depth + 1 }),
      text,
    });
  }
  return [...expands.values()];
};

/** The name of a link and the options in its parentheses; A/B is the short way to write A($expand=B). */
const linkOf = (part: string): readonly [name: string, body: string | undefined] => {
  const end = part.search(/[(/]/);
  if (end < 0) return [part, ''];
  const name = part.slice(0, end).trim();
  if (part[end] === '/') return [name, `$expand=${part.slice(end + 1)}`];
  return [name, part.endsWith(')') ? part.slice(end + 1, -1) : undefined];
};

/** `Datastreams/Sensor,Datastreams/Thing`: one link, and of it both. */
const withExpand = (
  before: ReadonlyMap<string, string> | undefined,
  text: Map<string, string>,
): ReadonlyMap<string, string> => {
  if (!before) return text;
  const both = [before.get('$expand'), text.get('$expand')].filter((expand) => expand !== undefined);
  return new Map([...before, ...text, ...(both.length > 0 ? [['$expand', both.join(',')] as const] : [])]);
};
