import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import { milesightAnswers } from './milesight-answers.ts';
import { milesightExtendedAnswers } from './milesight-extended-answers.ts';
import { milesightBattery, number, orFault, skip, u8 } from './milesight-items.ts';
import { milesightCodec } from './milesight-tlv.ts';

const RECEIVED_AT = Date.UTC(2026, 2, 2, 12);
const MEASURED = Date.UTC(2026, 2, 2, 11);

const codec = milesightCodec({
  fPort: 85,
  items: {
    ...milesightBattery,
    '03 67': orFault('temperature', { type: 's16le', divisor: 10 }),
    '0A EF': [{ type: 'time', field: 'clock' }],
    '10 E4': [{ type: 'cases', size: 3, cases: { 1: [skip(1), u8('first')], 2: [skip(1), u8('second')] } }],
    ...milesightAnswers('17', '32', '35', '6A', 'BD'),
    ...milesightExtendedAnswers('95'),
  },
  lists: { '06 D9': [u8('rank')] },
  history: { '20 CE': [{ type: 'cases', cases: { 0: [skip(1), number('count', 'u16le')] } }] },
});

const decode = (hex: string) =>
  codec.decodeUplink({
    fPort: 85,
    bytes: Uint8Array.fromHex(hex.replaceAll(' ', '')),
    receivedAt: RECEIVED_AT,
    parameters: {},
  });

const fieldsOf = (hex: string) => {
  const result = decode(hex);
  return 'errors' in result ? result.errors : result.records.map(({ fields }) => fields);
};

const seconds = (time: number): string => {
  const bytes = new DataView(new ArrayBuffer(4));
  bytes.setUint32(0, time / 1000, true);
  return new Uint8Array(bytes.buffer).toHex();
};

describe("Milesight's frames", () => {
  it('say a fault beside the missing number, and nothing of it otherwise', () => {
    expect(fieldsOf('0367fdff')).toEqual([{ temperature: null, temperature_error: 'out of range' }]);
    expect(fieldsOf('0367ceff')).toEqual([{ temperature: -5 }]);
  });

  it('make one record per entry of a list', () => {
    expect(fieldsOf('06d901 017564 06d902')).toEqual([{ battery: 100 }, { rank: 1 }, { rank: 2 }]);
  });

  it('are dated by the device where its clock is set', () => {
    const stored = `20ce${seconds(MEASURED - 1000)}000700`;
    const result = decode(`017564 06d901 ${stored} 0aef${seconds(MEASURED)}`);
    expect(result).toMatchObject({
      records: [{ time: MEASURED }, { time: MEASURED, fields: { rank: 1 } }, { time: MEASURED - 1000 }],
      warnings: [],
    });
  });

  it.each([0, RECEIVED_AT + 2 * 86_400_000])('are of the time of reception where the clock says %d', (clock) => {
    const result = decode(`017564 0aef${seconds(clock)}`);
    expect(result).toEqual({
      records: [{ fields: { battery: 100, clock: clock / 1000 } }],
      warnings: [expect.stringContaining('clock is not set')],
    });
  });

  it('skip a kind that is not known where its size is, and go on behind it', () => {
    const result = decode('10e4020900 10e4090900 017564');
    expect(result).toEqual({
      records: [{ fields: { second: 9, battery: 100 } }],
      warnings: [expect.stringContaining('kind 9')],
    });
  });

  it('refuse a kind whose size is not known', () => {
    expect(() => decode(`20ce${seconds(MEASURED)}05`)).toThrow(/kind 5/);
  });

  it('count an item that is cut off behind its key as missing', () => {
    expect(decode('017564 0367')).toEqual({
      records: [{ fields: { battery: 100, temperature: null } }],
      warnings: [expect.stringContaining('ends behind the key')],
    });
    expect(() => decode('0367')).toThrow(/ends early/);
    expect(() => decode('017564 036701')).toThrow(/ends early/);
  });
});

describe('answers to downlinks', () => {
  it.each([
    ['fe173900', { time_zone: 'UTC+5:45' }],
    ['febd5901', { time_zone: 'UTC+5:45' }],
    ['fe17a1ff', { time_zone: 'UTC-9:30' }],
  ])('read the time zone of %s in tenths of hours or in minutes', (hex, fields) => {
    expect(fieldsOf(hex)).toEqual([fields]);
  });

  it('tell only what the mask is about', () => {
    expect(fieldsOf('ff32 01 3c00 05 04')).toEqual([
      { delay_task_id: 1, delay_task_time_s: 60, delay_task_switch_1: 'off', delay_task_switch_3: 'on' },
    ]);
  });

  it('do not repeat keys', () => {
    expect(fieldsOf('fe35 0011223344556677')).toEqual([{ d2d_key: 'set' }]);
  });

  it('say under F8 whether the device did it', () => {
    const schedule = '010001 805101';
    expect(fieldsOf(`f995${schedule}`)).toEqual([
      expect.objectContaining({ reset_schedule_mode: 'add', reset_schedule_index: 1, reset_schedule_time: 86_400 }),
    ]);
    expect(fieldsOf(`f895${schedule}01`)).toEqual([expect.objectContaining({ answer_result: 'forbidden' })]);
  });
});

it('any bytes give values or a coded error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        codec.decodeUplink({ fPort: 85, bytes, receivedAt: RECEIVED_AT, parameters: {} });
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(HubError);
      }
    }),
  );
});
