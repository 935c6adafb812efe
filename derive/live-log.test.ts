import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '../model/live.ts';
import type { Observation } from '../model/observation.ts';
import { MemoryLiveLog } from './live-log.ts';

const values = (...list: number[]): Observation[] =>
  list.map((value) => ({
    datastream: 1,
    phenomenonTime: value,
    value,
    flag: 1,
    tests: 0,
    position: 1,
    record: 0,
    receivedAt: 0,
    storedAt: 0,
  }));

const shown = (events: readonly LiveEvent[] | 'reset') =>
  events === 'reset' ? events : events.map(({ id, observation }) => `${id}=${observation.value}`);

describe('live log', () => {
  it('gives what came after an id, across blocks', () => {
    const log = new MemoryLiveLog({ epoch: 'e', capacity: 10 });
    log.append(values(1, 2));
    log.append(values(3));
    expect(shown(log.since('e-1'))).toEqual(['e-2=2', 'e-3=3']);
    expect(shown(log.since('e-3'))).toEqual([]);
    expect(log.head).toBe('e-3');
  });

  it('says reset for ids too old, of another log, from the future, or no ids', () => {
    const log = new MemoryLiveLog({ epoch: 'e', capacity: 3 });
    for (let i = 1; i <= 9; i++) log.append(values(i));
    expect(['e-2', 'd-8', 'e-99', '', 'e-x'].map((id) => shown(log.since(id)))).toEqual(Array(5).fill('reset'));
    expect(shown(log.since('e-6'))).toEqual(['e-7=7', 'e-8=8', 'e-9=9']);
  });

  it('calls subscribers with each batch until they leave', () => {
    const log = new MemoryLiveLog({ epoch: 'e', capacity: 3 });
    const seen: string[] = [];
    const leave = log.subscribe((events) => seen.push(...[shown(events)].flat()));
    log.append(values(1, 2));
    leave();
    log.append(values(3));
    expect(seen).toEqual(['e-1=1', 'e-2=2']);
  });
});
