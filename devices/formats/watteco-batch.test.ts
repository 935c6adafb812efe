import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import type { CodecResult } from '../codec.ts';
import { codec as alto } from '../watteco/api-alto/codec.ts';
import { codec as atmo } from '../watteco/api-atmo/codec.ts';
import { codec as pulseSenso } from '../watteco/api-pulse-senso/codec.ts';
import { type BatchLayout, decodeBatch } from './watteco-batch.ts';
import { bitReaderOf, readBits, readHuffman } from './watteco-bits.ts';

const RECEIVED_AT = Date.parse('2023-07-19T07:51:25.508Z');

const recordsOf = (result: CodecResult) => {
  if ('errors' in result) throw new Error(result.errors.join());
  return result.records.map(({ time, fields }) => [time === undefined ? '' : new Date(time).toISOString(), fields]);
};

const decode = (codec: typeof alto, hex: string) =>
  recordsOf(
    codec.decodeUplink({ fPort: 125, bytes: Uint8Array.fromHex(hex), receivedAt: RECEIVED_AT, parameters: {} }),
  );

// Samples and their times as Watteco/Codec-API-LoRaWAN@42c0f10e09ac lists them (ISC).
describe('batches of devices', () => {
  it('reads series with times of their own', () => {
    expect(decode(alto, '40130009505400000000e8de0102b56100591064c0f61d8410800e54b779456e05308009')).toEqual([
      ['', { batch_counter: 3 }],
      ['2023-07-19T07:46:42.508Z', { tilt: 0, acc_temperature: 36 }],
      ['2023-07-19T07:47:42.508Z', { acc_temperature: 36.005 }],
      ['2023-07-19T07:48:43.508Z', { acc_temperature: 36 }],
      ['2023-07-19T07:50:43.508Z', { acc_temperature: 36.005 }],
      ['2023-07-19T07:51:21.508Z', { distance: 2.3440001010894775, magnitude: 7556 }],
    ]);
  });

  it('reads series that share their times', () => {
    const records = decode(atmo, '20220080039281f268d3212d54a0c3e170380ab000');
    expect(records).toHaveLength(7);
    expect(records[1]).toEqual(['2023-07-19T07:50:34.508Z', { pressure: 997 }]);
    expect(records[6]).toEqual(['2023-07-19T07:51:24.508Z', { pressure: 997, battery_voltage: 3.689 }]);
  });

  it('reads three counters of an hour each', () => {
    const hex = '3203032cd2dc00000000117b02000080903d005000401040801d11604704d8119024912492247b';
    const counters = { index_1: 0, index_2: 67108864, index_3: 4194560 };
    expect(decode(pulseSenso, hex)).toEqual([
      ['', { batch_counter: 3 }],
      ...[4, 5, 6, 7].map((hour) => [`2023-07-19T0${hour}:51:25.508Z`, counters]),
    ]);
  });
});

describe('bits', () => {
  it('reads the odd bits of a number as its highest byte', () => {
    // Lowest bit first: 101 00 | 101 01001, the byte behind the two odd bits crosses into the second byte.
    const bits = bitReaderOf(Uint8Array.of(0b1010_0101, 0b0001_0010));
    expect(readBits(bits, 3)).toBe(0b101);
    expect(readBits(bits, 10)).toBe(0b1001_0101);
    expect(() => readBits(bits, 4)).toThrow(HubError);
  });

  it('refuses a table and a code that do not exist', () => {
    expect(() => readHuffman(bitReaderOf(Uint8Array.of(0)), 3)).toThrow(/No Huffman table 3/);
    expect(() => readHuffman(bitReaderOf(Uint8Array.of(0b0000_0001)), 0)).toThrow(/No code/);
    expect(() => readHuffman(bitReaderOf(new Uint8Array()), 1)).toThrow(/No code/);
  });
});

/** The other way round, for series of u16 with times of their own; codes of table 1 as the maker's document has them. */
const table1 = `1101111 11010 1100 011 111 10 00 010 110110 110111011 110111001
  1101110101 1101110100 1101110000 11011100011 11011100010`.split(/\s+/);

const encode = (times: readonly number[], values: readonly number[], sentAt: number): Uint8Array => {
  const bits: number[] = [];
  const number = (value: number, count: number): void => {
    for (let left = count; left > 0; ) {
      const chunk = left % 8 || 8;
      left -= chunk;
      const byte = Math.floor(value / 2 ** left) & 0xff;
      for (let bit = 0; bit < chunk; bit++) bits.push((byte >> bit) & 1);
    }
  };
  const code = (index: number): void => {
    for (const bit of table1[index] ?? '') bits.push(Number(bit));
  };
  const later = (seconds: number): void => {
    const index = Math.floor(Math.log2(seconds + 1));
    code(index);
    if (index > 0) number(seconds - (2 ** index - 1), index);
  };
  const change = (delta: number): void => {
    const index = delta === 0 ? 0 : Math.floor(Math.log2(Math.abs(delta))) + 1;
    code(index);
    if (index > 0) number(delta > 0 ? delta : delta + 2 ** index - 1, index);
  };
  number(0x10, 8);
  number(5, 3);
  number(0, 1);
  number(1, 2);
  number(times[0] ?? 0, 32);
  number(values[0] ?? 0, 16);
  number(0, 2);
  number(1, 2);
  number(1, 2);
  number(times.length - 1, 8);
  if (times.length > 1) number(1, 2);
  for (let at = 1; at < times.length; at++) {
    later((times[at] ?? 0) - (times[at - 1] ?? 0));
    change((values[at] ?? 0) - (values[at - 1] ?? 0));
  }
  later(sentAt - (times.at(-1) ?? 0));
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (const [at, bit] of bits.entries()) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (bit << (at & 7));
  return bytes;
};

const layout: BatchLayout = { tagBits: 2, series: [{ tag: 1, field: 'level', type: 'u16', resolution: 1 }] };

describe('decodeBatch', () => {
  it('reads back whatever was packed', () => {
    const sample = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 16_000 }));
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 30 }), (samples) => {
        let clock = 1000;
        const times = samples.map(([step]) => (clock += step));
        const values = samples.map(([, value]) => value);
        const bytes = encode(times, values, clock + 60);
        const [counter, ...records] = recordsOf(decodeBatch(bytes, [layout], RECEIVED_AT));
        expect(counter).toEqual(['', { batch_counter: 5 }]);
        const at = (time: number) => new Date(RECEIVED_AT - (clock + 60 - time) * 1000).toISOString();
        expect(records).toEqual(times.map((time, index) => [at(time), { level: values[index] }]));
      }),
    );
  });

  it('refuses series that the model does not have, and batches of a model without any', () => {
    const bytes = encode([1000], [1], 1060);
    const other = { ...layout, series: layout.series.map((series) => ({ ...series, tag: 2 })) };
    expect(() => decodeBatch(bytes, [other], RECEIVED_AT)).toThrow(/no batch series 1/);
    expect(() => decodeBatch(bytes, [], RECEIVED_AT)).toThrow(/sends no batches/);
  });
});
