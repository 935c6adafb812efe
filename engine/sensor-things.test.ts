import { beforeEach, describe, expect, it } from 'vitest';
import { DatastreamRegistrar } from '../ingest/datastream-registrar.ts';
import { derivedNumber } from '../model/sensor-things.ts';
import { openStores } from '../store/embedded/stores.ts';
import type { RegistryChange } from '../store/registry.ts';
import { RegistryIndex } from '../store/registry-index.ts';
import { createSensorThings } from './sensor-things.ts';

const body = (name: string) => ({ name, description: name });

describe('entities that come by way of SensorThings', () => {
  let stores: ReturnType<typeof openStores>;
  let registry: RegistryIndex;
  let told: RegistryChange[];

  const writer = (registrar = new DatastreamRegistrar(registry)) =>
    createSensorThings({
      registry,
      registryStore: stores.registry,
      observations: stores.observations,
      rollups: stores.rollups,
      details: stores.details,
      registrar,
      sequences: stores.sequences,
      together: (work) => stores.database.together(work),
      onRegistryChanged: (changes) => told.push(...changes),
    });

  const createStation = () =>
    writer().create([
      { set: 'Things', body: body('Station'), links: {} },
      { set: 'ObservedProperties', body: body('Salzgehalt (Ostsee)'), links: {} },
      { set: 'Sensors', body: body('Sonde'), links: {} },
      {
        set: 'Datastreams',
        body: { ...body('Salz'), unitOfMeasurement: { name: 'g/kg', symbol: 'g/kg', definition: 'ucum:g/kg' } },
        links: { Thing: [-1], ObservedProperty: [-2], Sensor: [-3] },
      },
    ]);

  beforeEach(() => {
    stores = openStores({ file: ':memory:', timeZone: 'Europe/Berlin' });
    registry = new RegistryIndex();
    told = [];
  });

  it('numbers them, resolves their links, and lets things and datastreams stand for them', async () => {
    const [thing, property, , datastream] = await createStation();
    expect([thing, property, datastream]).toEqual([1, 1, 1]);
    expect(registry.get('staEntity', 'Datastreams(1)')).toMatchObject({
      links: { Thing: [1], ObservedProperty: [1], Sensor: [1] },
    });
    expect(registry.get('thing', 'sta-1')).toMatchObject({ name: 'Station', kind: 'other' });
    expect(registry.datastreamByKey(1)).toEqual({
      id: 'sta-1.salzgehalt_ostsee.sta-1',
      key: 1,
      thing: 'sta-1',
      property: 'salzgehalt_ostsee',
      channel: 'sta-1',
      unit: 'g/kg',
    });
    expect(await stores.registry.load()).toEqual(expect.arrayContaining(told));
  });

  it('lets them be what the hub knows, where quantity and unit are the same', async () => {
    registry.apply([
      { kind: 'thing', put: { id: 'quay', name: 'Quay', kind: 'other', simulated: false, properties: {} } },
    ]);
    const links = { Thing: [derivedNumber('Things', 'quay')], Sensor: [1] };
    const known = [derivedNumber('ObservedProperties', 'water_temperature')];
    const inUnit = (symbol: string) => ({ ...body('x'), unitOfMeasurement: { symbol } });
    await writer().create([
      { set: 'Datastreams', body: inUnit('°C'), links: { ...links, ObservedProperty: known } },
      { set: 'Datastreams', body: inUnit('K'), links: { ...links, ObservedProperty: known } },
      { set: 'ObservedProperties', body: body('Water temperature'), links: {} },
      { set: 'Datastreams', body: inUnit('Cel'), links: { ...links, ObservedProperty: [-3] } },
    ]);
    expect([1, 2, 3].map((key) => registry.datastreamByKey(key))).toMatchObject([
      { thing: 'quay', property: 'water_temperature', unit: 'Cel' },
      { thing: 'quay', property: 'water_temperature_in_k', unit: 'K' },
      { thing: 'quay', property: 'water_temperature', unit: 'Cel' },
    ]);
  });

  it('gives no number twice, not even after a restart with nothing left', async () => {
    const numbers = await createStation();
    const things = ['Things', 'ObservedProperties', 'Sensors', 'Datastreams'] as const;
    await writer().remove(things.map((set, i) => ({ set, number: numbers[i] as number })));
    expect(registry.count('staEntity') + registry.count('thing') + registry.count('datastream')).toBe(0);
    // Nor may a device's datastream get the key of one that is gone.
    const registrar = new DatastreamRegistrar(registry);
    writer(registrar);
    expect(registrar.nextKey).toBe(2);
    expect(await createStation()).toEqual([2, 2, 2, 2]);
  });

  it('takes the values of a datastream along when it goes', async () => {
    const [, , , datastream = 0] = await createStation();
    const at = { datastream, phenomenonTime: 5 };
    const value = { value: 1, flag: 2, tests: 0, position: 1, record: 0, receivedAt: 0, storedAt: 0 } as const;
    await stores.observations.append([{ ...at, ...value }]);
    await stores.details.put([{ ...at, detail: { result: 'rain' } }]);
    await writer().remove([{ set: 'Datastreams', number: datastream }]);
    expect(await stores.observations.latest([datastream])).toEqual([]);
    expect(await stores.details.list({ datastreams: [datastream], from: 0, to: 10 })).toEqual([]);
  });

  it('creates all or none', async () => {
    const broken = { set: 'Datastreams', body: body('x'), links: { Thing: [2 ** 33] } } as const;
    await expect(writer().create([{ set: 'Things', body: body('a'), links: {} }, broken])).rejects.toThrow('no Thing');
    expect(registry.count('staEntity')).toBe(0);
    await expect(writer().replace([{ set: 'Things', number: 9, body: {}, links: {} }])).rejects.toThrow('staEntity');
  });
});
