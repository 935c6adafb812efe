import type { Catalogue } from '../devices/catalogue.ts';
import { type Fault, HubError } from '../model/errors.ts';
import type { EntityReport } from '../model/ports.ts';
import {
  type Deployment,
  type EntityKind,
  entityKinds,
  type RegistryEntities,
  registrySchemas,
} from '../model/registry.ts';
import type { RegistryChange } from '../store/registry.ts';
import type { RegistryIndex } from '../store/registry-index.ts';

export interface EntityInput {
  readonly kind: string;
  readonly put?: unknown;
  readonly remove?: string;
}

export interface ChangePlan {
  /** In the order in which entries refer to each other. */
  readonly changes: readonly RegistryChange[];
  readonly report: readonly EntityReport[];
}

/** Kinds that people write; datastreams are the hub's own, and what came by way of SensorThings is written that way. */
const writable: ReadonlySet<string> = new Set(
  entityKinds.filter((kind) => kind !== 'datastream' && kind !== 'staEntity'),
);

type Lookup = <K extends EntityKind>(kind: K, id: string) => RegistryEntities[K] | undefined;

/** Parses and checks entries against each other and the registry; every fault at once, or what will change. */
export const planChange = (
  inputs: readonly EntityInput[],
  { registry, catalogue }: { registry: RegistryIndex; catalogue: Catalogue },
): ChangePlan => {
  const faults: Fault[] = [];
  const changes = inputs.flatMap((input, i) => parseInput(input, { path: `entities[${i}]`, faults }));
  throwFaults(faults, 'HUB_REGISTRY_INVALID');
  const planned = new Map(changes.map((change) => [`${change.kind}|${idOf(change)}`, change]));
  const lookup: Lookup = (kind, id) => {
    const change = planned.get(`${kind}|${id}`);
    if (!change) return registry.get(kind, id);
    return 'put' in change ? (change.put as RegistryEntities[typeof kind]) : undefined;
  };
  for (const change of changes) faults.push(...referenceFaults(change, { lookup, catalogue }));
  faults.push(...danglingFaults(changes, { registry, lookup }));
  throwFaults(faults, 'HUB_REGISTRY_REFERENCE');
  faults.push(...overlapFaults(changes, { registry, lookup, catalogue, planned }));
  throwFaults(faults, 'HUB_REGISTRY_OVERLAP');
  const ordered = entityKinds.flatMap((kind) => changes.filter((change) => change.kind === kind));
  const report = ordered.map((change) => reportOf(change, registry));
  return { changes: ordered.filter((_, i) => report[i]?.action !== 'unchanged'), report };
};

const idOf = (change: RegistryChange): string => ('put' in change ? change.put.id : change.remove);

const throwFaults = (
  faults: readonly Fault[],
  code: 'HUB_REGISTRY_INVALID' | 'HUB_REGISTRY_REFERENCE' | 'HUB_REGISTRY_OVERLAP',
): void => {
  const [first] = faults;
  if (first) throw new HubError(code, `${first.path}: ${first.message}`, { faults });
};

const parseInput = (input: EntityInput, { path, faults }: { path: string; faults: Fault[] }): RegistryChange[] => {
  if (!writable.has(input.kind)) {
    faults.push({
      path: `${path}.kind`,
      message: `"${input.kind}" is no kind of entry`,
      hint: [...writable].join(', '),
    });
    return [];
  }
  const kind = input.kind as EntityKind;
  if (input.remove !== undefined) return [{ kind, remove: input.remove } as RegistryChange];
  const parsed = registrySchemas[kind].safeParse(input.put);
  if (parsed.success) return [{ kind, put: parsed.data } as RegistryChange];
  for (const issue of parsed.error.issues) {
    faults.push({ path: [`${path}.put`, ...issue.path].join('.'), message: issue.message });
  }
  return [];
};

const referenceFaults = (
  change: RegistryChange,
  { lookup, catalogue }: { lookup: Lookup; catalogue: Catalogue },
): Fault[] => {
  if (!('put' in change)) return [];
  const { kind, put } = change;
  const missing = (field: string, target: EntityKind, id: string | undefined): Fault[] =>
    id === undefined || lookup(target, id)
      ? []
      : [{ path: `${kind} ${put.id}.${field}`, message: `There is no ${target} "${id}"` }];
  switch (kind) {
    case 'municipality':
      return missing('parent', 'municipality', put.parent);
    case 'site':
      return missing('municipality', 'municipality', put.municipality);
    case 'thing':
      if (put.site === undefined && put.kind === 'other') return [];
      return put.site === undefined
        ? [{ path: `thing ${put.id}.site`, message: 'A thing stands at a site', hint: 'name the id of a site' }]
        : missing('site', 'site', put.site);
    case 'device':
      return catalogue.get(put.profile)
        ? []
        : [
            {
              path: `device ${put.id}.profile`,
              message: `The catalogue has no profile "${put.profile}"`,
              hint: 'plietsch profiles list',
            },
          ];
    case 'deployment':
      return [
        ...missing('device', 'device', put.device),
        ...missing('thing', 'thing', put.thing),
        ...(put.to !== null && Date.parse(put.to) <= Date.parse(put.from)
          ? [{ path: `deployment ${put.id}.to`, message: 'A deployment ends after it begins' }]
          : []),
      ];
    case 'dataset':
      return [
        ...missing('publisher', 'municipality', put.publisher),
        ...Object.keys(put.perMunicipality).flatMap((id) => missing('perMunicipality', 'municipality', id)),
      ];
    case 'datastream':
    case 'staEntity':
      return [];
  }
};

/** A removal must not leave entries that refer to nothing. */
const danglingFaults = (
  changes: readonly RegistryChange[],
  { registry, lookup }: { registry: RegistryIndex; lookup: Lookup },
): Fault[] =>
  changes.flatMap((change) => {
    if ('put' in change) return [];
    const { kind, remove } = change;
    const still = <K extends EntityKind>(user: K, refers: (entry: RegistryEntities[K]) => boolean): Fault[] => {
      for (const entry of registry.list(user)) {
        const now = lookup(user, entry.id);
        if (now && refers(now))
          return [{ path: `${kind} ${remove}`, message: `${user} "${entry.id}" still refers to it` }];
      }
      return [];
    };
    if (!registry.get(kind, remove))
      return [{ path: `${kind} ${remove}`, message: 'There is no such entry to remove' }];
    if (kind === 'municipality') {
      return [
        ...still('site', (site) => site.municipality === remove),
        ...still('municipality', (child) => child.parent === remove),
        ...still('dataset', (dataset) => dataset.publisher === remove),
      ];
    }
    if (kind === 'site') return still('thing', (thing) => thing.site === remove);
    if (kind === 'thing') return still('deployment', (deployment) => deployment.thing === remove);
    if (kind === 'device') return still('deployment', (deployment) => deployment.device === remove);
    return [];
  });

/** What a deployment brings to its thing: property and channel, as the thing sees them. */
const offersOf = (
  deployment: Deployment,
  { lookup, catalogue }: { lookup: Lookup; catalogue: Catalogue },
): Set<string> => {
  const profile = catalogue.get(lookup('device', deployment.device)?.profile ?? '')?.profile;
  const offers = new Set<string>();
  for (const mapping of Object.values(profile?.fields ?? {})) {
    if (mapping.role !== 'observation') continue;
    const named = Object.keys(deployment.channels);
    if (named.length > 0 && (mapping.channel === undefined || !named.includes(mapping.channel))) continue;
    const channel = mapping.channel === undefined ? '' : (deployment.channels[mapping.channel] ?? mapping.channel);
    offers.add(`${mapping.property}|${channel}`);
  }
  return offers;
};

const spanOf = ({ from, to }: Deployment): [number, number] => [
  Date.parse(from),
  to === null ? Number.POSITIVE_INFINITY : Date.parse(to),
];

const overlapFaults = (
  changes: readonly RegistryChange[],
  deps: { registry: RegistryIndex; lookup: Lookup; catalogue: Catalogue; planned: ReadonlyMap<string, RegistryChange> },
): Fault[] => {
  const { registry, lookup, planned } = deps;
  const put = changes.flatMap((change) => (change.kind === 'deployment' && 'put' in change ? [change.put] : []));
  const byThing = Map.groupBy(put, (deployment) => deployment.thing);
  const faults: Fault[] = [];
  for (const [thing, fresh] of byThing) {
    const kept = registry.deploymentsOfThing(thing).filter(({ id }) => !planned.has(`deployment|${id}`));
    const all = [...fresh, ...kept];
    for (const [i, deployment] of fresh.entries()) {
      const [from, to] = spanOf(deployment);
      const mine = offersOf(deployment, deps);
      for (const other of all.slice(i + 1)) {
        const [otherFrom, otherTo] = spanOf(other);
        if (
          from >= otherTo ||
          otherFrom >= to ||
          mine.isDisjointFrom(offersOf(other, { lookup, catalogue: deps.catalogue }))
        )
          continue;
        faults.push({
          path: `deployment ${deployment.id}`,
          message: `overlaps with deployment "${other.id}" at thing "${thing}" in time and property`,
          hint: 'end the other one first, or give the channels different names',
        });
      }
    }
  }
  return faults;
};

const reportOf = (change: RegistryChange, registry: RegistryIndex): EntityReport => {
  const { kind } = change;
  const id = idOf(change);
  if (!('put' in change)) return { kind, id, action: 'removed' };
  const before = registry.get(kind, id);
  if (!before) return { kind, id, action: 'created' };
  return { kind, id, action: isSame(before, change.put) ? 'unchanged' : 'changed' };
};

/** Equal as JSON, whatever the order of members. */
const isSame = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
