import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CatalogueEntry, loadCatalogue } from './catalogue.ts';
import { decodeFrame } from './decode.ts';
import { vectorsFileSchema } from './vectors-file.ts';

const entries = (await loadCatalogue()).list();
const RECEIVED_AT = Date.UTC(2026, 2, 2, 12);
const parameters = { emptyDistanceMm: 2000, fullDistanceMm: 200, sensorHeightM: 5 };

/** Either coded errors about the payload, or finite values; a codec that fails in any other way is a bug. */
const expectSound = (entry: CatalogueEntry, fPort: number, bytes: Uint8Array): void => {
  const result = decodeFrame(entry, { fPort, bytes, receivedAt: RECEIVED_AT, parameters });
  if ('errors' in result) {
    for (const { code, detail } of result.errors) {
      expect(['HUB_CODEC_PAYLOAD', 'HUB_ENVELOPE_TIME']).toContain(code);
      expect(detail).not.toBe('');
    }
    return;
  }
  for (const { value } of result.values) expect(value === null || Number.isFinite(value)).toBe(true);
  expect(result.warnings.filter((text) => text.startsWith('The profile does not say'))).toEqual([]);
};

/** Runs per model; `npm run test:fuzz` makes ten thousand. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 1_000);

interface Frame {
  readonly fPort: number;
  readonly bytes: Uint8Array;
}

/** Random bytes on any port, half of them behind the beginning of a real frame, so that they get past the first checks. */
const framesLike = (fPorts: readonly number[], real: readonly Frame[]): fc.Arbitrary<Frame> => {
  const noise = fc.uint8Array({ maxLength: 60 });
  const anywhere = fc.record({ fPort: fc.constantFrom(...fPorts), bytes: noise });
  const begun = fc
    .tuple(fc.constantFrom(...real), fc.nat({ max: 12 }), noise)
    .map(([{ fPort, bytes }, length, rest]) => ({
      fPort,
      bytes: Uint8Array.from([...bytes.subarray(0, length), ...rest]),
    }));
  return fc.oneof(anywhere, begun);
};

const vectorsOf = async (id: string) => {
  const text = await readFile(new URL(`${id}/vectors.json`, import.meta.url), 'utf8');
  return vectorsFileSchema
    .parse(JSON.parse(text))
    .vectors.filter(({ errors }) => !errors)
    .map(({ fPort, hex }) => ({ fPort, bytes: Uint8Array.fromHex(hex) }));
};

describe.each(entries.map((entry) => [entry.profile.id, entry] as const))('%s', (id, entry) => {
  it('answers random bytes on all its ports with values or coded errors', async () => {
    const frames = framesLike(entry.profile.fPorts, await vectorsOf(id));
    fc.assert(
      fc.property(frames, ({ fPort, bytes }) => expectSound(entry, fPort, bytes)),
      { numRuns: RUNS },
    );
  });

  it('answers every truncated and every disturbed vector the same way', async () => {
    for (const { fPort, bytes } of await vectorsOf(id)) {
      for (let length = 0; length < bytes.length; length++) expectSound(entry, fPort, bytes.subarray(0, length));
      for (let at = 0; at < bytes.length; at++) {
        for (const value of [0x00, 0x7f, 0x80, 0xff]) expectSound(entry, fPort, bytes.with(at, value));
      }
    }
  });

  it('does not touch the bytes it is given', () => {
    const bytes = Uint8Array.from([1, 0x75, 92, 3, 0x67, 1, 1]);
    decodeFrame(entry, { fPort: entry.profile.fPorts[0] ?? 1, bytes, receivedAt: RECEIVED_AT, parameters });
    expect([...bytes]).toEqual([1, 0x75, 92, 3, 0x67, 1, 1]);
  });
});
