import { describe, expect, it } from 'vitest';
import type { ObservationChange } from '../model/sensor-things.ts';
import { RegistryIndex } from '../store/registry-index.ts';
import { DatastreamRegistrar } from './datastream-registrar.ts';
import { sensorThings, writingOf } from './networks/sensor-things.ts';
import { settleEntry } from './settle.ts';
import { writtenBeside } from './settle-writing.ts';

const registry = new RegistryIndex();
registry.apply([{ kind: 'datastream', put: { id: 'a.b', key: 1, thing: 'a', property: 'b', unit: '1' } }]);
const context = { registrar: new DatastreamRegistrar(registry) } as Parameters<typeof settleEntry>[2]['context'];

const put = (phenomenonTime: number, value: number | null, more: object = {}): ObservationChange => ({
  put: { datastream: 1, phenomenonTime, value, flag: 2, ...more },
});
const remove = (phenomenonTime: number): ObservationChange => ({ remove: { datastream: 1, phenomenonTime } });

/** The way through the journal: written, parsed again, settled. */
const settle = (position: number, ...changes: ObservationChange[]) => {
  const entry = { position, network: 'sensorthings', arrivedAt: 9, corrupt: false, kind: 'writing' } as const;
  const message = sensorThings.parse(undefined, writingOf(`w${position}`, 'token', changes), 9);
  return settleEntry(entry, message, { context, now: 10 });
};

describe('writings', () => {
  it('become observations at the position of their entry', () => {
    const { observations, settlement } = settle(7, put(1, 2.5), put(2, null, { detail: { result: 'rain' } }));
    expect(settlement).toMatchObject({ outcome: 'decoded', network: 'sensorthings' });
    expect(observations).toMatchObject([
      { datastream: 1, phenomenonTime: 1, value: 2.5, position: 7, receivedAt: 9, storedAt: 10 },
      { datastream: 1, phenomenonTime: 2, value: null },
    ]);
  });

  it('let the last word about an instant count, within one and over several', () => {
    const first = settle(7, put(1, 1), put(2, 2), put(1, 3));
    expect(first.observations.map(({ value }) => value)).toEqual([3, 2]);
    const beside = writtenBeside([first, settle(8, remove(1)), settle(9, put(2, 5), remove(3))]);
    expect(beside?.removed).toMatchObject([
      { phenomenonTime: 1, position: 8 },
      { phenomenonTime: 3, position: 9 },
    ]);
    expect(beside?.puts).toMatchObject([{ phenomenonTime: 2, value: 5 }]);
    expect(first.observations.map((observation) => beside?.isTakenAway(observation))).toEqual([true, false]);
    expect(writtenBeside([{ settlement: first.settlement, observations: [] }])).toBeUndefined();
  });

  it('are judged like every other value', () => {
    const stream = { id: 'a.air_temperature', key: 2, thing: 'a', property: 'air_temperature', unit: 'Cel' };
    registry.apply([{ kind: 'datastream', put: stream }]);
    const at = (phenomenonTime: number, value: number): ObservationChange => ({
      put: { datastream: 2, phenomenonTime, value, flag: 2 },
    });
    const { observations } = settle(7, at(1, 12), at(2, 500), at(9_000_000, 12));
    expect(observations.map(({ flag }) => flag)).toEqual([1, 4, 3]);
    // Of a quantity that the hub does not know nothing is said.
    expect(settle(8, put(1, 1e9)).observations).toMatchObject([{ flag: 2, tests: 0 }]);
  });

  it('are not placed where the datastream is gone', () => {
    expect(settle(7, { remove: { datastream: 99, phenomenonTime: 1 } }).settlement.outcome).toBe('notPlaced');
  });

  it.each(['', '{}', '{"id":"x","by":"y","changes":[{}]}', '{"id":"x","by":"y","changes":[{"put":{"datastream":1}}]}'])(
    'are refused with a code: %s',
    (text) => expect(() => sensorThings.parse(undefined, Buffer.from(text), 1)).toThrow(/JSON|✖/),
  );
});
