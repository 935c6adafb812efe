import { expect, it } from 'vitest';
import { fillRegion } from '../testing.ts';
import { type Answered, createSta } from './testing.ts';

/** A Datastream of the registry with all that it leads to. */
const slot = async (): Promise<Answered | undefined> => {
  const sta = await createSta();
  await fillRegion(sta);
  const more = 'Thing($expand=HistoricalLocations($expand=Locations)),ObservedProperty,Sensor,Observations($top=1)';
  const page = await sta.ask(`/Datastreams?$filter=properties/slug%20eq%20'slot-laboe.fill_level'&$expand=${more}`);
  return page.value[0];
};

it('tells what the registry knows, with UCUM units and URIs of definitions', async () => {
  expect(await slot()).toMatchObject({
    '@iot.id': 3,
    unitOfMeasurement: { symbol: '%', definition: 'http://www.opengis.net/def/uom/UCUM/%25' },
    properties: {
      slug: 'slot-laboe.fill_level',
      datasets: ['waste'],
      licences: ['dl-de/by-2-0'],
      municipality: 'laboe',
    },
    Thing: { properties: { slug: 'slot-laboe', municipalityKey: '01057043', useCase: 'waste' } },
    ObservedProperty: {
      definition: 'https://plietsch.org/def/property/fill_level',
      properties: { unit: '%', unitDefinition: 'http://www.opengis.net/def/uom/UCUM/%25' },
    },
    Sensor: { metadata: 'https://example.org/em400-tld.pdf', properties: { slug: 'milesight/em400-tld' } },
    Observations: [{ resultQuality: { nameOfMeasure: 'QARTOD', failedTests: [] } }],
  });
});

it('makes a HistoricalLocation of the begin of a deployment, and says nothing of the device', async () => {
  const { HistoricalLocations: [begin, ...more] = [] } = ((await slot())?.Thing ?? {}) as {
    HistoricalLocations?: Answered[];
  };
  expect(more).toEqual([]);
  expect(begin).toMatchObject({ time: '2026-01-01T00:00:00.000Z', Locations: [{ name: 'Bauhof' }] });
  expect(JSON.stringify(begin)).not.toMatch(/24e124710b000001|d1\b/i);
});

it('gives the same numbers in every hub, beyond those that are given here', async () => {
  const numbers = (entity: Answered | undefined) =>
    ['Thing', 'Sensor', 'ObservedProperty'].map((link) => (entity?.[link] as Answered | undefined)?.['@iot.id'] ?? 0);
  const first = numbers(await slot());
  expect(first).toEqual([48_387_334_404_944, 128_233_322_793_303, 130_056_079_421_977]);
  expect(numbers(await slot())).toEqual(first);
  expect(Math.min(...first)).toBeGreaterThanOrEqual(2 ** 32);
});
