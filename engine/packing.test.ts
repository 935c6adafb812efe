import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Observation } from '../model/observation.ts';
import { packBuckets, packRows, unpackBuckets, unpackRows } from './packing.ts';

const observation: fc.Arbitrary<Observation> = fc.record(
  {
    datastream: fc.nat(),
    phenomenonTime: fc.integer({ min: 0, max: 4e12 }),
    value: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    flag: fc.constantFrom(1, 2, 3, 4, 9),
    tests: fc.nat(127),
    position: fc.nat(),
    record: fc.nat(99),
    receivedAt: fc.integer({ min: 0, max: 4e12 }),
    storedAt: fc.integer({ min: 0, max: 4e12 }),
    codec: fc.constantFrom('a/b@1', 'a/b@2'),
    deployment: fc.constantFrom('d1', 'd2'),
  },
  {
    requiredKeys: [
      'datastream',
      'phenomenonTime',
      'value',
      'flag',
      'tests',
      'position',
      'record',
      'receivedAt',
      'storedAt',
    ],
  },
);

it('gives observations back as they were, whatever they share', () => {
  fc.assert(
    fc.property(fc.array(observation), (all) => {
      expect(unpackRows(packRows(all))).toEqual(all);
    }),
  );
});

it('gives buckets back as they were', () => {
  const value = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }));
  const count = fc.nat();
  const bucket = fc.record(
    {
      from: fc.nat(),
      to: fc.nat(),
      n: count,
      min: value,
      max: value,
      mean: value,
      sum: value,
      first: value,
      last: value,
      coverage: fc.double({ min: 0, max: 1, noNaN: true }),
      flags: fc.record({ 1: count, 2: count, 3: count, 4: count, 9: count }),
      withheld: fc.integer({ min: 1 }),
    },
    { requiredKeys: ['from', 'to', 'n', 'min', 'max', 'mean', 'sum', 'first', 'last', 'coverage', 'flags'] },
  );
  fc.assert(
    fc.property(fc.array(bucket), (all) => {
      expect(unpackBuckets(packBuckets(all))).toEqual(all);
    }),
  );
});
