import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CodecResult } from '../codec.ts';
import { elsysCodec } from './elsys-tlv.ts';

const codec = elsysCodec();
const decode = (hex: string): CodecResult =>
  codec.decodeUplink({ fPort: 5, bytes: Uint8Array.fromHex(hex), receivedAt: 0, parameters: {} });
const fieldsOf = (result: CodecResult) => ('errors' in result ? undefined : result.records[0]?.fields);

const samples = [
  ['0100e2', { temperature: 22.6 }],
  ['01ff9c', { temperature: -10 }],
  ['0229', { humidity: 41 }],
  ['040027', { light: 39 }],
  ['060308', { co2: 776 }],
  ['14000f5ca8', { pressure: 1006.76 }],
  ['154028', { sound_peak: 64, sound_avg: 40 }],
  ['09d0fd070cf6ff', { lat: 52.3728, long: -0.2548 }],
] as const;

describe('elsysCodec', () => {
  it('reads a row of items as the sum of its items, the later one of a type counting', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...samples), { minLength: 1 }), (row) => {
        const expected = Object.assign({}, ...row.map(([, fields]) => fields));
        expect(fieldsOf(decode(row.map(([hex]) => hex).join('')))).toEqual(expected);
      }),
    );
  });

  it('keeps one field per probe of a repeated external temperature, and no more than the profile names', () => {
    const fields = fieldsOf(decode('190064'.repeat(12)));
    expect(Object.keys(fields ?? {})).toHaveLength(8);
    expect(fields).toMatchObject({ external_temperature2: 10, external_temperature2_8: 10 });
  });

  it.each([
    ['3e02070108', 'Bytes behind'],
    ['3e02c801', 'Setting 200'],
    ['0229ff', 'Item ff at offset 2'],
  ])('keeps what is sound in %s and warns', (hex, warning) => {
    expect(decode(hex)).toMatchObject({ warnings: [expect.stringContaining(warning)] });
  });
});
