import { type EntitySet, entityTypes, idNames } from './entity-model.ts';
import { badOption } from './faults.ts';
import type { Json } from './node-values.ts';
import { within } from './node-values.ts';
import type { Options } from './options.ts';

/** A column of FROST's CSV convention, and how its cell is read from an entity as it is written in JSON. */
export interface Column {
  readonly header: string;
  readonly cell: (entity: Json) => unknown;
}

const unitParts = ['name', 'definition', 'symbol'];

/** Columns of a set; what is expanded follows, each prefixed with the link's name. */
export const columnsOf = (set: EntitySet, options: Pick<Options, 'select' | 'expand'>): Column[] => [
  ...ownColumns(set, options.select),
  ...options.expand.flatMap(({ navigation: { name, set: target, many }, options: inner }) => {
    if (many && inner.top !== 1) {
      throw badOption('query.$expand', `expands many ${name}`, `CSV has room for one: write ${name}($top=1)`);
    }
    return columnsOf(target, inner).map(({ header, cell }): Column => {
      return {
        header: `${name}/${header}`,
        cell: (entity) => {
          const found = many ? (entity[name] as readonly Json[] | undefined)?.[0] : (entity[name] as Json | undefined);
          return found && cell(found);
        },
      };
    });
  }),
];

const ownColumns = (set: EntitySet, select: Options['select']): Column[] => {
  const all = [['@iot.id'], ...entityTypes[set].properties.map(({ name }) => [name])];
  const paths = !select || select.some(([first]) => first === '*') ? all : select;
  return paths.flatMap((path) => columnsOfPath(set, path));
};

const columnsOfPath = (set: EntitySet, path: readonly string[]): Column[] => {
  const [first = '', ...rest] = path;
  if (idNames.includes(first)) return [{ header: 'id', cell: (entity) => entity['@iot.id'] }];
  const property = entityTypes[set].properties.find(({ name }) => name === first);
  // Links have no cell.
  if (!property) return [];
  const value = (entity: Json): unknown => within(entity[first], rest);
  const header = path.join('/');
  if (rest.length === 0 && first === 'unitOfMeasurement') {
    return unitParts.map((part) => ({ header: `${header}/${part}`, cell: (entity) => within(entity[first], [part]) }));
  }
  if (rest.length === 0 && (property.kind === 'time' || property.kind === 'interval')) {
    return [
      { header: `${header}/start`, cell: (entity) => edgeOf(value(entity), 'start') },
      { header: `${header}/end`, cell: (entity) => edgeOf(value(entity), 'end') },
    ];
  }
  return [{ header, cell: value }];
};

/** An instant begins and ends at once. */
const edgeOf = (time: unknown, edge: 'start' | 'end'): unknown => {
  if (typeof time !== 'string') return time;
  const [start, end = start] = time.split('/');
  return edge === 'start' ? start : end;
};
