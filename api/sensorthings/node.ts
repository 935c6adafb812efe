import { type StaEntity, type StaSet, staSets } from '../../model/sensor-things.ts';
import type { Stream } from '../visibility.ts';

/** An entity that is held in memory: every one but Observations. */
export interface Node {
  readonly set: StaSet;
  readonly number: number;
  /** Its properties in the order in which they are written; made when they are first asked for. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Entities by name of the link, each by number; links to Observations are not among them. */
  readonly links: Readonly<Record<string, readonly Node[]>>;
  /** Of a Datastream. */
  readonly stream?: Stream;
  /** It was created through SensorThings, so that it may be changed through it. */
  readonly created?: StaEntity;
}

/** All entities that an asker may know, of one version of the registry. */
export interface Graph {
  /** By number. */
  list(set: StaSet): readonly Node[];
  get(set: StaSet, number: number): Node | undefined;
  /** Datastreams whose Observations may have this feature. */
  datastreamsOf(feature: Node): readonly Node[];
}

export interface NewNode {
  readonly set: StaSet;
  readonly number: number;
  readonly describe: () => Readonly<Record<string, unknown>>;
  readonly stream?: Stream | undefined;
  readonly created?: StaEntity | undefined;
}

const byNumber = (a: Node, b: Node): number => a.number - b.number;

const sorted = (nodes: Node[]): Node[] => {
  for (let i = 1; i < nodes.length; i++) {
    if ((nodes[i - 1]?.number ?? 0) > (nodes[i]?.number ?? 0)) return nodes.sort(byNumber);
  }
  return nodes;
};

/** Collects entities and their links, each link both ways. */
export class GraphBuilder {
  readonly #nodes = new Map<StaSet, Map<number, Node>>(staSets.map((set) => [set, new Map()]));
  /** Lists of links that hold more than one, so that they must stand in order. */
  readonly #lists = new Set<Node[]>();
  /** Features to the Datastreams that observe them. */
  readonly #observing = new Map<Node, Node[]>();

  /** The node of a number; made where there is none yet. */
  add({ set, number, describe, stream, created }: NewNode): Node {
    const nodes = this.#nodes.get(set);
    const known = nodes?.get(number);
    if (known) return known;
    let body: Readonly<Record<string, unknown>> | undefined;
    const node: Node = {
      set,
      number,
      get body() {
        body ??= describe();
        return body;
      },
      links: {},
      ...(stream && { stream }),
      ...(created && { created }),
    };
    nodes?.set(number, node);
    return node;
  }

  get(set: StaSet, number: number): Node | undefined {
    return this.#nodes.get(set)?.get(number);
  }

  /** Links two entities, by the name of the link at each; the first is the one with few. */
  link([a, toB]: readonly [Node, string], [b, toA]: readonly [Node, string]): void {
    if (a.links[toB]?.includes(b)) return;
    this.#push(a, toB, b);
    this.#push(b, toA, a);
  }

  observes(datastream: Node, feature: Node): void {
    if (datastream.links[FEATURES]?.includes(feature)) return;
    const list = this.#observing.get(feature);
    if (list) list.push(datastream);
    else this.#observing.set(feature, [datastream]);
    // The first stays the first.
    const links = datastream.links as Record<string, Node[]>;
    links[FEATURES] = [...(links[FEATURES] ?? []), feature];
  }

  build(): Graph {
    for (const list of this.#lists) sorted(list);
    for (const list of this.#observing.values()) sorted(list);
    const lists = new Map([...this.#nodes].map(([set, nodes]) => [set, sorted([...nodes.values()])]));
    return {
      list: (set) => lists.get(set) ?? [],
      get: (set, number) => this.get(set, number),
      datastreamsOf: (feature) => this.#observing.get(feature) ?? [],
    };
  }

  #push(from: Node, name: string, to: Node): void {
    const links = from.links as Record<string, Node[]>;
    const list = links[name];
    if (!list) links[name] = [to];
    else if (list.push(to) === 2) this.#lists.add(list);
  }
}

/** Link of a Datastream to the features of its Observations; the first is the one of those that name none. No link of the standard. */
export const FEATURES = 'FeaturesOfInterest';
