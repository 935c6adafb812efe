import { badOption } from './faults.ts';
import type { Node } from './node.ts';
import type { Options } from './options.ts';
import { numberOfRow, type Row, rowProperties } from './row.ts';

type Component = readonly [name: string, value: (row: Row) => unknown];

const components: readonly Component[] = [
  ['id', numberOfRow],
  ...['phenomenonTime', 'result', 'resultTime', 'resultQuality', 'validTime', 'parameters'].map(
    (name): Component => [name, rowProperties[name] ?? (() => null)],
  ),
];

/** Observations as rows of values, grouped by Datastream (18-088 §12.1). */
export const dataArraysOf = (root: string, rows: readonly Row[], { select, expand }: Options) => {
  if (expand.length > 0) {
    throw badOption('query.$expand', 'has no place in a dataArray', 'leave $expand or $resultFormat out');
  }
  const asked = select?.map(([first]) => (first === '@iot.id' ? 'id' : first));
  const shown = asked ? components.filter(([name]) => asked.includes(name) || asked.includes('*')) : components;
  const groups = new Map<Node, unknown[][]>();
  for (const row of rows) {
    const group = groups.get(row.node) ?? [];
    group.push(shown.map(([, value]) => value(row) ?? null));
    groups.set(row.node, group);
  }
  return [...groups].map(([{ number }, dataArray]) => ({
    'Datastream@iot.navigationLink': `${root}/Datastreams(${number})`,
    components: shown.map(([name]) => name),
    'dataArray@iot.count': dataArray.length,
    dataArray,
  }));
};
