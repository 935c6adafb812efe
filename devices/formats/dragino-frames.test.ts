import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readU16Be } from './byte-reader.ts';
import { batteryLevel, batteryVolts, readDeviceInformation, readLog } from './dragino-frames.ts';

const entry = (value: number, seconds: number): number[] => [
  value >> 8,
  value & 0xff,
  0,
  0,
  0,
  0,
  0,
  ...[24, 16, 8, 0].map((shift) => (seconds >>> shift) & 0xff),
];

describe('readLog', () => {
  const values = fc.tuple(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0xffff_ffff }));

  it('answers each entry with its own time, and warns of empty ones', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 20 }), (entries) => {
        const bytes = Uint8Array.from(entries.flatMap(([value, seconds]) => entry(value, seconds)));
        const result = readLog(bytes, (cursor) => ({ value: readU16Be(cursor) }));
        const kept = entries.filter(([, seconds]) => seconds !== 0);
        expect(result).toEqual({
          records: kept.map(([value, seconds]) => ({ time: seconds * 1000, fields: { value } })),
          warnings: Array.from({ length: entries.length - kept.length }, () => expect.stringContaining('empty')),
        });
      }),
    );
  });

  it.each([0, 1, 10, 12, 21])('refuses %i bytes', (size) => {
    expect(() => readLog(new Uint8Array(size), () => ({}))).toThrow(/entries of 11/);
  });
});

describe('readDeviceInformation', () => {
  it('names what it knows and numbers what it does not', () => {
    const result = readDeviceInformation(Uint8Array.fromHex('2a01100fff0d12'), { 41: 'DDS20-LB' });
    expect(result).toEqual({
      records: [
        {
          fields: {
            sensor_model: 'unknown (42)',
            firmware_version: '1.1.0',
            frequency_band: 'AS923_4',
            sub_band: null,
            battery_voltage: 3.346,
          },
        },
      ],
      warnings: [],
    });
  });
});

describe('the battery', () => {
  it('is read without the flags above it', () => {
    expect(batteryVolts(0xcd0a)).toBe(3.338);
  });

  it.each([
    [2.4, 0],
    [3, 50],
    [3.7, 100],
  ])('of %f V is %i %% full', (volts, level) => {
    expect(batteryLevel(volts, 2.45, 0.0115)).toBe(level);
  });
});
