import { describe, expect, it } from 'vitest';
import { codec } from '../watteco/api-ticso/codec.ts';
import { ticField } from './watteco-tic.ts';

const fieldsOf = (hex: string) => {
  const bytes = Uint8Array.fromHex(hex.replaceAll(' ', ''));
  const result = codec.decodeUplink({ fPort: 125, bytes, receivedAt: Date.UTC(2026, 2, 2), parameters: {} });
  if ('errors' in result) throw new Error(result.errors.join());
  expect(result.warnings).toEqual([]);
  return result.records[0]?.fields;
};

describe('TIC frames', () => {
  it('reads a list of positions as well as a bit field', () => {
    const value = '0001e240';
    expect(fieldsOf(`110a00540000 41 06 22 06 ${value}`)).toMatchObject({ descriptor_indexes: '6', base: 123456 });
    expect(fieldsOf(`110a00540000 41 0c 0000000000000040 ${value}`)).toMatchObject({ base: 123456 });
  });

  it('reads maxima with their season and date, and what follows them', () => {
    // Positions 37 SMAXSN and 45 SINSTI of a Linky in standard mode.
    expect(fieldsOf('110a00560000 41 10 23 25 2d 45 1a0704 0c1e0f 001194 0005dc')).toMatchObject({
      smaxsn: 4500,
      smaxsn_date: '26/07/04 12:30:15',
      smaxsn_season: 'E',
      sinsti: 1500,
    });
  });

  it('shows seconds since 2000 in the time of Paris, in winter and summer', () => {
    // Position 25 DATEPA2 of a PME-PMI meter.
    const stamp = (time: number) => ((time - Date.UTC(2000, 0, 1)) / 1000).toString(16).padStart(8, '0');
    const shown = (time: number) => fieldsOf(`110a00570000 41 06 22 19 ${stamp(time)}`)?.datepa2;
    expect(shown(Date.UTC(2025, 0, 15, 11))).toBe('15/01/25 12:00:00');
    expect(shown(Date.UTC(2025, 2, 30, 0, 59, 59))).toBe('30/03/25 01:59:59');
    expect(shown(Date.UTC(2025, 2, 30, 1))).toBe('30/03/25 03:00:00');
    expect(shown(Date.UTC(2025, 9, 26, 1))).toBe('26/10/25 02:00:00');
  });

  it('refuses labels that the meter does not have and texts without an end', () => {
    expect(() => fieldsOf('110a00540000 41 03 22 63 00')).toThrow(/no label 99/);
    expect(() => fieldsOf('110a00540000 41 04 22 03 41 42')).toThrow(/no end/);
    expect(() => fieldsOf('110a00530009 41 04 22 03 41 00')).toThrow(/no attribute/);
  });
});

it('spells labels as fields', () => {
  expect(['EApHCE', 'ER+P-1_s', 'ER-_i', 'NJOURF+1'].map(ticField)).toEqual([
    'eap_hce',
    'er_plus_p_1_s',
    'er_minus_i',
    'njourf_1',
  ]);
});
