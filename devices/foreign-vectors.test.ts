import { describe, expect, it, onTestFinished } from 'vitest';
import { probeCodec } from '../test/support/foreign-codec.ts';
import { openForeign } from './foreign.ts';
import { parseForeignCodec } from './foreign-schema.ts';
import { checkVectors } from './foreign-vectors.ts';

const now = Date.UTC(2026, 2, 2, 12);
const base = probeCodec();
const hex = base.vectors[0]?.hex ?? '';

const check = async (upload: unknown, elapsedMs: () => number = () => 0) => {
  const codec = parseForeignCodec(upload);
  const entry = await openForeign({ codec, version: 1 });
  onTestFinished(() => entry.decoder.close());
  return checkVectors(entry, codec.vectors, { now, elapsedMs });
};
const expecting = (vector: object) => ({ ...base, vectors: [{ fPort: 85, hex, ...vector }] });

describe('vectors', () => {
  it.each([
    ['a part of the answer', { expected: { TempC: 20 } }],
    ['a nested part', { expected: { Level: { DistMm: '1000.0' }, model: 'P7' } }],
    ['values of properties', { values: { distance: 1000, air_temperature: 20.0000000000001 } }],
    ['nothing in particular', { expected: {} }],
  ])('may expect %s', async (_, vector) => {
    expect(await check(expecting(vector))).toEqual([]);
  });

  it.each([
    ['another number', { expected: { TempC: 21 } }, 'vectors[0].expected.TempC', /answers 20, not 21/],
    ['text for a number', { expected: { TempC: '20' } }, 'vectors[0].expected.TempC', /not "20"/],
    ['a member that is not there', { expected: { Hum: 1 } }, 'vectors[0].expected.Hum', /answers nothing, not 1/],
    ['an inherited member', { expected: { constructor: 1 } }, 'vectors[0].expected.constructor', /answers nothing/],
    ['an object for text', { expected: { model: { a: 1 } } }, 'vectors[0].expected.model', /answers "P7"/],
    ['a list', { expected: { Level: [1] } }, 'vectors[0].expected.Level', /not \[1\]/],
    ['another value', { values: { distance: 999 } }, 'vectors[0].values.distance', /is 1000, not 999/],
    ['a value that is not mapped', { values: { humidity: 1 } }, 'vectors[0].values.humidity', /no such value/],
    ['a frame that is refused', { hex: '00', values: { distance: 1 } }, 'vectors[0]', /HUB_CODEC_PAYLOAD: too short/],
    ['a port that the profile lacks', { fPort: 1, expected: {} }, 'vectors[0]', /sends on fPort 85, not 1/],
  ])('find %s', async (_, vector, path, message) => {
    expect(await check(expecting(vector))).toEqual([
      { path, message: expect.stringMatching(message as RegExp) as unknown },
    ]);
  });

  it('find a mapping whose fields are never answered', async () => {
    const fields = { distance: { role: 'observation', property: 'distance', unit: 'mm' } };
    expect(await check({ ...base, profile: { ...base.profile, fields } })).toMatchObject([{ path: 'profile.fields' }]);
  });

  it('are not run without end', async () => {
    let time = 0;
    const vectors = Array.from({ length: 5 }, () => base.vectors[0]);
    const faults = await check({ ...base, vectors }, () => (time += 200));
    expect(faults).toMatchObject([{ path: 'vectors[2]', message: /more than 500 ms/ }]);
  });
});
