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

/** Plausible first bytes, so that random frames get past the first check. */
const starts = [[0x01, 0x75], [0x20, 0xce], [0x84, 0x82], [0x02, 0, 1, 0], [0xa2], [0xd2], [0xc2], [0x04, 0x0b, 0x01]];
const vegaPackets = Array.from({ length: 27 }, (_, packet) => [packet]);
const frames = fc
  .tuple(fc.constantFrom([], ...starts, ...vegaPackets), fc.uint8Array({ maxLength: 60 }))
  .map(([start, rest]) => Uint8Array.from([...start, ...rest]));

describe.each(entries.map((entry) => [entry.profile.id, entry] as const))('%s', (id, entry) => {
  it('answers random bytes on all its ports with values or coded errors', () => {
    fc.assert(
      fc.property(fc.constantFrom(...entry.profile.fPorts), frames, (fPort, bytes) => expectSound(entry, fPort, bytes)),
      { numRuns: 2_000 },
    );
  });

  it('answers every truncated and every disturbed vector the same way', async () => {
    const file = vectorsFileSchema.parse(
      JSON.parse(await readFile(new URL(`${id}/vectors.json`, import.meta.url), 'utf8')),
    );
    for (const { fPort, hex, errors } of file.vectors) {
      if (errors) continue;
      const bytes = Uint8Array.fromHex(hex);
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
