import { describe, expect, it } from 'vitest';
import type { CodecResult } from '../codec.ts';
import { codec as atmo } from '../watteco/api-atmo/codec.ts';
import { codec as triphaso } from '../watteco/triphaso/codec.ts';

const decode = (codec: typeof atmo, hex: string): CodecResult =>
  codec.decodeUplink({ fPort: 125, bytes: Uint8Array.fromHex(hex), receivedAt: Date.UTC(2026, 2, 2), parameters: {} });

const fieldsOf = (result: CodecResult) => {
  if ('errors' in result) throw new Error(result.errors.join());
  expect(result.warnings).toEqual([]);
  return result.records[0]?.fields;
};

describe('causes of a report', () => {
  it('says which number crossed which threshold', () => {
    const hex = '118a800b00004106097801150162a0500003e8000001d1010032000001';
    expect(fieldsOf(decode(triphaso, hex))).toEqual({
      vrms_a: 242.4,
      irms_a: 27.7,
      angle_a: 354,
      alarm: true,
      alarm_causes:
        'no alarm, criterion 0: threshold exceeded 100, gap 0, 1 times (vrms_a); ' +
        'alarm, criterion 1: threshold exceeded 5, gap 0, 1 times (irms_a)',
    });
  });

  it('reads short causes, changes, and occurrences up and down', () => {
    expect(fieldsOf(decode(atmo, '118a040200002909c41090'))).toMatchObject({
      alarm: true,
      alarm_causes: 'alarm, criterion 0: threshold',
    });
    expect(fieldsOf(decode(atmo, '110a040200002909c420080064'))).toMatchObject({
      temperature: 25,
      alarm: false,
      alarm_causes: 'no alarm, criterion 0: change 1 (temperature)',
    });
    expect(fieldsOf(decode(atmo, '118a040200002909c420b1ff380032800002 0003'.replace(' ', '')))).toMatchObject({
      alarm_causes: 'alarm, criterion 1: threshold fallen below -2, gap 0.5, 2 times up, 3 times down (temperature)',
    });
  });

  it('keeps the value and warns where the causes are cut short', () => {
    expect(decode(atmo, '118a040200002909c420b1ff')).toMatchObject({
      records: [{ fields: { temperature: 25, alarm: true } }],
      warnings: [expect.stringContaining('ends early')],
    });
  });
});

describe('answers', () => {
  it('tells how reporting is configured', () => {
    expect(fieldsOf(decode(atmo, '1109040200980000 29 800a 001e'.replaceAll(' ', '')))).toEqual({
      report: 'standard',
      endpoint: 0,
      cmd_id: '0x09',
      clust_id: '0x0402',
      att_id: '0x0000',
      status: 0,
      new_mode_configuration: true,
      cause_request: 'short',
      secured_if_alarm: true,
      secured: false,
      no_hearde_port: false,
      batch: false,
      attribut_type: 41,
      min: 10,
      min_unit: 'minutes',
      max: 30,
      max_unit: 'seconds',
    });
  });

  it('reads firmware, supply voltages and a refused reading', () => {
    expect(fieldsOf(decode(atmo, '11010000000200 0d 030504 0012d0'.replaceAll(' ', '')))).toEqual({
      firmware: '3.5.4.4816',
    });
    expect(fieldsOf(decode(atmo, '110a00500006 41 07 05 05 1388 0e10 01'.replaceAll(' ', '')))).toEqual({
      main_or_external_voltage: 5,
      disposable_battery_voltage: 3.6,
    });
    expect(fieldsOf(decode(atmo, '110104020000 86'.replaceAll(' ', '')))).toMatchObject({ status: 0x86 });
  });

  it('refuses endpoints, commands and types that do not exist', () => {
    expect(() => decode(atmo, '510a000f04022300000000')).toThrow(/Endpoint 2 of this model has no index/);
    expect(() => decode(atmo, '1155040200002909c4')).toThrow(/No command 0x55/);
    expect(() => decode(atmo, '110a04020000ff09c4')).toThrow(/No attribute type/);
    expect(() => decode(atmo, '110a0402000029 09'.replace(' ', ''))).toThrow(/ends early/);
  });
});
