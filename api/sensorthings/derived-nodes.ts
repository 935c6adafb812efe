import type { Catalogue } from '../../devices/catalogue.ts';
import { deviceThingId, type Site, type Thing } from '../../model/registry.ts';
import { type StaSet, staEntityId } from '../../model/sensor-things.ts';
import type { PlacedDeployment, RegistryIndex } from '../../store/registry-index.ts';
import type { Stream, View } from '../visibility.ts';
import {
  describeDatastream,
  describeHistoricalLocation,
  describeObservedProperty,
  describePlace,
  describeSensor,
  describeThing,
} from './describe.ts';
import type { GraphBuilder, Node } from './node.ts';

export interface DerivedDeps {
  readonly registry: RegistryIndex;
  readonly catalogue: Catalogue;
  readonly view: View;
  /** `@iot.id` of what has a readable id. */
  readonly numberOf: (set: StaSet, slug: string) => number;
}

/** Sensor of datastreams of which nobody knows what measures them. */
const UNKNOWN_SENSOR = 'unknown';

/** Adds what the registry describes, as far as the view holds it. */
export const addDerived = (builder: GraphBuilder, deps: DerivedDeps): void => {
  const { registry, view } = deps;
  for (const thing of registry.list('thing')) {
    if (view.holds('thing', thing.id) && !isStandIn(registry, thing)) addThing(builder, thing, deps);
  }
  for (const stream of view.streams) {
    const { key } = stream.datastream;
    if (!registry.get('staEntity', staEntityId('Datastreams', key))) addDatastream(builder, stream, deps);
  }
};

/** It stands for a Thing that was created through SensorThings, which describes itself. */
const isStandIn = (registry: RegistryIndex, { id }: Thing): boolean => {
  const [, number] = /^sta-(\d{1,10})$/.exec(id) ?? [];
  return number !== undefined && registry.get('staEntity', staEntityId('Things', Number(number))) !== undefined;
};

const addThing = (builder: GraphBuilder, thing: Thing, deps: DerivedDeps): void => {
  const { registry, numberOf } = deps;
  const site = registry.siteOf(thing);
  const municipality = registry.municipalityOf(thing);
  const node = builder.add({
    set: 'Things',
    number: numberOf('Things', thing.id),
    describe: () => describeThing(thing, { site, municipality, useCase: registry.useCaseOf(thing) }),
  });
  if (!site) return;
  const location = addPlace(builder, 'Locations', { site, deps });
  builder.link([node, 'Locations'], [location, 'Things']);
  // The feature is there with the place, so that it can be named before the first value.
  addPlace(builder, 'FeaturesOfInterest', { site, deps });
  for (const { id, fromMs } of sinceWhen(registry.deploymentsOfThing(thing.id))) {
    const historical = builder.add({
      set: 'HistoricalLocations',
      number: numberOf('HistoricalLocations', id),
      describe: () => describeHistoricalLocation(fromMs),
    });
    builder.link([historical, 'Thing'], [node, 'HistoricalLocations']);
    builder.link([historical, 'Locations'], [location, 'HistoricalLocations']);
  }
};

/** One of the deployments that begin together: what is told of them is the time alone. */
const sinceWhen = (deployments: readonly PlacedDeployment[]): Iterable<PlacedDeployment> =>
  new Map(deployments.toReversed().map((deployment) => [deployment.fromMs, deployment])).values();

const addPlace = (
  builder: GraphBuilder,
  set: 'Locations' | 'FeaturesOfInterest',
  { site, deps }: { site: Site; deps: DerivedDeps },
): Node =>
  builder.add({
    set,
    number: deps.numberOf(set, site.id),
    describe: () => describePlace(set, site, deps.registry.get('municipality', site.municipality)),
  });

const addDatastream = (builder: GraphBuilder, stream: Stream, deps: DerivedDeps): void => {
  const { registry, catalogue, numberOf } = deps;
  const { datastream, thing, site } = stream;
  const owner = builder.get('Things', numberOf('Things', thing.id));
  if (!owner) return;
  const node = builder.add({
    set: 'Datastreams',
    number: datastream.key,
    stream,
    describe: () => describeDatastream(stream),
  });
  builder.link([node, 'Thing'], [owner, 'Datastreams']);
  const profile = profileOf(stream, { registry, catalogue });
  const sensor = builder.add({
    set: 'Sensors',
    number: numberOf('Sensors', profile?.id ?? UNKNOWN_SENSOR),
    describe: () => describeSensor(profile),
  });
  builder.link([node, 'Sensor'], [sensor, 'Datastreams']);
  const property = builder.add({
    set: 'ObservedProperties',
    number: numberOf('ObservedProperties', datastream.property),
    describe: () => describeObservedProperty(datastream.property),
  });
  builder.link([node, 'ObservedProperty'], [property, 'Datastreams']);
  if (site) builder.observes(node, addPlace(builder, 'FeaturesOfInterest', { site, deps }));
};

/** Profile of the newest device at the thing that measures the property; a device's own health is told by the device itself. */
const profileOf = (
  { datastream, thing }: Stream,
  { registry, catalogue }: Pick<DerivedDeps, 'registry' | 'catalogue'>,
) => {
  if (thing.kind === 'device') {
    const device = registry.get('device', thing.id.slice(deviceThingId('').length));
    return device && catalogue.get(device.profile)?.profile;
  }
  const profiles = registry
    .deploymentsOfThing(thing.id)
    .toReversed()
    .flatMap(({ device }) => catalogue.get(registry.get('device', device)?.profile ?? '')?.profile ?? []);
  const measures = profiles.find(({ fields }) =>
    Object.values(fields).some((field) => 'property' in field && field.property === datastream.property),
  );
  return measures ?? profiles[0];
};
