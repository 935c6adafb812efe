import type { Catalogue } from '../../devices/catalogue.ts';
import { derivedNumber, type StaSet } from '../../model/sensor-things.ts';
import type { RegistryIndex } from '../../store/registry-index.ts';
import type { View } from '../visibility.ts';
import { addCreated } from './created-nodes.ts';
import { addDerived } from './derived-nodes.ts';
import { type Graph, GraphBuilder } from './node.ts';

/** The entities of a view, built once for each. */
export const graphsOf = ({ registry, catalogue }: { registry: RegistryIndex; catalogue: Catalogue }) => {
  const graphs = new WeakMap<View, Graph>();
  const numbers = new Map<string, number>();
  // A hash is dear enough to be kept: there are as many as the registry has entries.
  const numberOf = (set: StaSet, slug: string): number => {
    const key = `${set}/${slug}`;
    const number = numbers.get(key) ?? derivedNumber(set, slug);
    numbers.set(key, number);
    return number;
  };
  return (view: View): Graph => {
    const known = graphs.get(view);
    if (known) return known;
    const builder = new GraphBuilder();
    addDerived(builder, { registry, catalogue, view, numberOf });
    addCreated(builder, { registry, view });
    const graph = builder.build();
    graphs.set(view, graph);
    return graph;
  };
};
