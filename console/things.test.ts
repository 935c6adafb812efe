import { describe, expect, it } from 'vitest';
import type { Quality } from './api.ts';
import type { Row } from './rows.ts';
import { firstRows, isAlarm, thingsOf } from './things.ts';

const row = (name: string, value: number | null = 0, more: Partial<Row> = {}): Row => {
  const [property = '', channel] = name.split('.');
  return {
    id: `m.${name}`,
    property,
    ...(channel !== undefined && { channel }),
    unit: '1',
    value,
    quality: 'pass' as Quality,
    failedTests: [],
    time: 0,
    useCase: 'energy',
    thing: { id: 'm', name: 'm', simulated: false },
    delayMs: 0,
    gapsMs: [],
    ...more,
  };
};
const firstOf = (...rows: readonly Row[]): string[] => {
  const [thing] = thingsOf(rows);
  return thing ? firstRows(thing, undefined).map(({ id }) => id.slice(2)) : [];
};

describe('the rows shown at first', () => {
  it('are those people look for, in their order', () => {
    expect(
      firstOf(row('air_temperature'), row('relative_humidity'), row('pm10'), row('air_pressure'), row('pm2_5')),
    ).toEqual(['pm2_5', 'pm10', 'air_temperature', 'relative_humidity']);
    expect(firstOf(row('indoor_humidity'), row('co2'), row('illuminance'), row('indoor_temperature'))).toEqual([
      'co2',
      'indoor_temperature',
      'indoor_humidity',
      'illuminance',
    ]);
  });

  it('hold a property that has only parts beside one that is whole', () => {
    expect(firstOf(row('water_leak.continuous-flow'), row('volume'), row('water_leak.broken-pipe'))).toEqual([
      'volume',
      'water_leak.broken-pipe',
      'water_leak.continuous-flow',
    ]);
  });

  it('leave parts out behind their own whole', () => {
    expect(firstOf(row('volume.stored'), row('volume'), row('heat_energy.stored'), row('heat_energy'))).toEqual([
      'heat_energy',
      'volume',
    ]);
    expect(firstOf(row('active_power.l1'), row('active_power.l123'), row('active_energy.l123-t1'))).toEqual([
      'active_power.l123',
      'active_energy.l123-t1',
    ]);
  });

  it('hold every alarm, wherever it stands', () => {
    const leaking = [
      row('volume'),
      row('volume_flow'),
      row('water_leak.broken-pipe'),
      row('water_leak.continuous-flow'),
      row('threshold_alarm.backflow'),
      row('threshold_alarm.no-usage', 1),
    ];
    expect(firstOf(...leaking)).toEqual([
      'volume',
      'volume_flow',
      'water_leak.broken-pipe',
      'water_leak.continuous-flow',
      'threshold_alarm.no-usage',
    ]);
  });
});

describe('an alarm', () => {
  it('is a state that holds, and was not judged wrong', () => {
    expect(isAlarm(row('water_leak.broken-pipe', 1))).toBe(true);
    expect(isAlarm(row('water_leak.broken-pipe', 0))).toBe(false);
    expect(isAlarm(row('water_leak.broken-pipe', 1, { quality: 'fail' }))).toBe(false);
    expect(isAlarm(row('occupied', 1))).toBe(false);
  });
});
