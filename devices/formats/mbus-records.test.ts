import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorAt } from './byte-reader.ts';
import { readMbusRecords } from './mbus-records.ts';

const read = (hex: string) => readMbusRecords(cursorAt(Uint8Array.fromHex(hex))).records;

describe('M-Bus records', () => {
  // Worked out by hand from EN 13757-3:2018, annex C and the tables of clause 6.
  it.each([
    ['0c1483045933', { quantity: 'volume', unit: 'm3', value: 335904.83 }],
    ['0b3b087300', { quantity: 'volume_flow', unit: 'm3/h', value: 7.308 }],
    ['0b2d060300', { quantity: 'power', unit: 'W', value: 30_600 }],
    ['0a5a1301', { quantity: 'flow_temperature', unit: 'Cel', value: 11.3 }],
    ['0a6213f1', { quantity: 'temperature_difference', unit: 'K', value: -11.3 }],
    ['0cfb0134120000', { quantity: 'energy', unit: 'MW.h', value: 1234 }],
    ['04fd1700002000', { quantity: 'error_flags', kind: 'flags', value: 0x200000 }],
    ['046d3937e12a', { quantity: 'time_point', value: '2023-10-01T23:57' }],
    ['426cdf2c', { quantity: 'time_point', value: '2022-12-31', storage: 1 }],
    ['82016cdf2c', { quantity: 'time_point', value: '2022-12-31', storage: 2 }],
    ['046d80ffe12a', { value: null }],
    ['0374301c00', { quantity: 'actuality_duration', unit: 's', value: 7216 }],
    ['84400240e20100', { quantity: 'energy', unit: 'W.h', value: 12345.6, subunit: 1 }],
    ['84720240e20100', { storage: 4, subunit: 1, tariff: 3 }],
    ['14130a000000', { quantity: 'volume', value: 0.01, function: 'maximum' }],
    ['0c943b57095933', { value: 335909.57, extensions: ['positive_only'] }],
    ['0413f6ffffff', { value: -0.01 }],
    ['041300000080', { value: null }],
    ['0c13000000a0', { value: null }],
    ['055b0000aa41', { quantity: 'flow_temperature', value: 21.25 }],
    ['055b0000c07f', { value: null }],
    ['02fd48e803', { quantity: 'voltage', unit: 'V', value: 100 }],
    ['02fd74cb16', { quantity: 'battery_life', unit: 'd', value: 5835 }],
    ['0d7803433231', { quantity: 'fabrication_number', value: '12C' }],
    ['01fd7305', { quantity: 'unknown', value: 5 }],
    ['0813', { quantity: 'volume', value: null }],
    ['017c03743365aa', { quantity: 'plain_text', unit: 'e3t', value: -86 }],
  ] as const)('%s', (hex, expected) => {
    expect(read(hex)).toEqual([expect.objectContaining(expected)]);
  });

  it('pass over fillers and keep what is the manufacturer’s', () => {
    const { records, manufacturerData, hasMore } = readMbusRecords(cursorAt(Uint8Array.fromHex('2f2f0113051fabcd')));
    expect(records).toHaveLength(1);
    expect(manufacturerData?.toHex()).toBe('abcd');
    expect(hasMore).toBe(true);
  });

  it.each(['0c', '0c13', '0c130102', '0d78', '0d780541', '7f', 'ff'.repeat(13), '04'.padEnd(30, 'ff')])(
    'refuse %s',
    (hex) => {
      expect(() => read(hex)).toThrow(expect.objectContaining({ code: 'HUB_CODEC_PAYLOAD' }));
    },
  );

  it('of any bytes are finite values or coded errors', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          for (const { value } of readMbusRecords(cursorAt(bytes)).records) {
            expect(typeof value !== 'number' || Number.isFinite(value)).toBe(true);
          }
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'HUB_CODEC_PAYLOAD' });
        }
      }),
    );
  });
});
