import { HubError } from '../../model/errors.ts';
import type { Answer } from './answer.ts';
import { serviceRoot } from './conformance.ts';
import type { Context } from './context.ts';
import { headerLine, lineOf } from './csv.ts';
import { CSV, csvAnswer, type PageAsk } from './csv-answer.ts';
import { columnsOf } from './csv-columns.ts';
import { dataArraysOf } from './data-array.ts';
import type { EntitySet } from './entity-model.ts';
import { badOption } from './faults.ts';
import { featureOf } from './geojson.ts';
import { pageLink } from './links.ts';
import type { Node } from './node.ts';
import { pageOfNodes } from './node-page.ts';
import { addressOf, isRow, type Json, setOf, valueAt } from './node-values.ts';
import { pageOfObservations } from './observation-page.ts';
import { type Options, parseOptions } from './options.ts';
import { parsePath } from './path.ts';
import { presentAll } from './present.ts';
import { resolve } from './resolve.ts';
import type { Row } from './row.ts';
import { decodeToken, encodeToken } from './token.ts';
import { walkOf } from './walk.ts';

const formats = ['dataArray', 'CSV', 'GeoJSON'] as const;
type Format = 'JSON' | (typeof formats)[number];

const GEO_JSON = 'application/geo+json';

/** Options that say how a page is sent, apart from what is on it. */
const take = (text: ReadonlyMap<string, string>) => {
  const rest = new Map(text);
  const named = rest.get('$resultFormat') ?? rest.get('resultFormat');
  const token = rest.get('$skiptoken');
  for (const name of ['$resultFormat', 'resultFormat', '$skiptoken', 'quality']) rest.delete(name);
  return { rest, format: formatOf(named), token: token === undefined ? undefined : decodeToken(token) };
};

const formatOf = (name: string | undefined): Format => {
  if (name === undefined || name.toLowerCase() === 'json') return 'JSON';
  const known = formats.find((format) => format.toLowerCase() === name.toLowerCase());
  if (!known) throw badOption('query.$resultFormat', 'is not known', `write one of ${formats.join(', ')}`);
  return known;
};

/** Answers a request below the service's root; `path` is what follows the root, `text` its options, decoded. */
export const read = async (context: Context, path: string, text: ReadonlyMap<string, string>): Promise<Answer> => {
  const { steps, property, value, ref } = parsePath(path);
  const { rest, format, token } = take(text);
  const last = steps.at(-1);
  if (!last) {
    parseOptions(rest, 'Things');
    return { json: serviceRoot(context.root) };
  }
  const options = parseOptions(rest, last.set);
  const target = await resolve(context, steps);
  if (target.kind === 'entity') {
    if (property.length > 0) return propertyAnswer(context, target.entity, { property, value });
    return entityAnswer(context, target.entity, { options, format, ref, text: rest });
  }
  const page: PageAsk = {
    context,
    target,
    set: last.set,
    options,
    text,
    token,
    address: addressOfPath(context, steps),
  };
  if (ref) return refsAnswer(page);
  if (format === 'CSV') return csvAnswer(page);
  if (format === 'dataArray') return dataArrayAnswer(page);
  const { entities, count, next } = await pageOf(page);
  const presented = await presentAll(context, entities, options);
  if (format === 'GeoJSON') return geoJsonAnswer(last.set, { value: presented, count, next });
  return { json: { ...headOf({ count, next }), value: presented } };
};

const addressOfPath = ({ root }: Context, steps: readonly { name: string; number?: number }[]): string =>
  [root, ...steps.map(({ name, number }) => (number === undefined ? name : `${name}(${number})`))].join('/');

interface Page {
  readonly entities: readonly (Node | Row)[];
  readonly count: number | undefined;
  readonly next: string | undefined;
}

const pageOf = async ({ context, target, set, options, text, token, address }: PageAsk): Promise<Page> => {
  const walk = walkOf(context);
  if (target.kind === 'nodes') {
    const { nodes, count, next } = await pageOfNodes(context, target.nodes, { set, options, walk });
    return {
      entities: nodes,
      count,
      next: next === undefined ? undefined : pageLink(address, text, { $skip: String(next) }),
    };
  }
  const { rows, count, next } = await pageOfObservations(context, target.sources, { options, walk, token });
  const link = next && pageLink(address, text, { $skip: undefined, $skiptoken: encodeToken(next) });
  return { entities: rows, count, next: link };
};

const headOf = ({ count, next }: Pick<Page, 'count' | 'next'>): Json => ({
  ...(count !== undefined && { '@iot.count': count }),
  ...(next !== undefined && { '@iot.nextLink': next }),
});

const refsAnswer = async (page: PageAsk): Promise<Answer> => {
  const { entities, count, next } = await pageOf(page);
  const value = entities.map((entity) => ({ '@iot.selfLink': addressOf(page.context.root, entity) }));
  return { json: { ...headOf({ count, next }), value } };
};

const geoJsonAnswer = (
  set: EntitySet,
  { value, count, next }: { value: readonly Json[]; count: number | undefined; next: string | undefined },
): Answer => ({
  json: {
    type: 'FeatureCollection',
    ...headOf({ count, next }),
    features: value.map((entity) => featureOf(set, entity)),
  },
  type: GEO_JSON,
});

const dataArrayAnswer = async (page: PageAsk): Promise<Answer> => {
  if (page.target.kind !== 'observations') throw onlyObservations();
  const { entities, count, next } = await pageOf(page);
  page.context.budget.spend(entities.length);
  return {
    json: { ...headOf({ count, next }), value: dataArraysOf(page.context.root, entities as Row[], page.options) },
  };
};

const onlyObservations = (): HubError =>
  badOption('query.$resultFormat', 'is dataArray, which only Observations have', 'leave it out here');

interface EntityAsk {
  readonly options: Options;
  readonly format: Format;
  readonly ref: boolean;
  readonly text: ReadonlyMap<string, string>;
}

const entityAnswer = async (
  context: Context,
  entity: Node | Row,
  { options, format, ref, text }: EntityAsk,
): Promise<Answer> => {
  for (const name of text.keys()) {
    if (name !== '$select' && name !== '$expand') {
      throw badOption(`query.${name}`, 'is asked of one entity', 'write $select or $expand here, or ask a set');
    }
  }
  if (ref) return { json: { '@iot.selfLink': addressOf(context.root, entity) } };
  if (format === 'dataArray') throw onlyObservations();
  const columns = format === 'CSV' ? columnsOf(setOf(entity), options) : [];
  const [json = {}] = await presentAll(context, [entity], options);
  if (format === 'CSV') return { text: headerLine(columns) + lineOf(columns, json), type: CSV };
  if (format === 'GeoJSON') {
    return geoJsonAnswer(setOf(entity), { value: [json], count: undefined, next: undefined });
  }
  return { json };
};

const propertyAnswer = async (
  context: Context,
  entity: Node | Row,
  { property, value }: { property: readonly string[]; value: boolean },
): Promise<Answer> => {
  const isDatastream = !isRow(entity) && entity.set === 'Datastreams';
  const extents = isDatastream ? await context.extents.of(context.reader, [entity]) : undefined;
  const found = valueAt(entity, property, walkOf(context, extents));
  if (found === undefined || found === null) {
    if (property.length > 1 && found === undefined)
      throw new HubError('HUB_NOT_FOUND', `There is no ${property.join('/')}`);
    return { nothing: true };
  }
  if (!value) return { json: { [property.at(-1) ?? '']: found } };
  if (typeof found === 'object') return { json: found };
  return { text: `${found as string | number | boolean}`, type: 'text/plain; charset=utf-8' };
};
