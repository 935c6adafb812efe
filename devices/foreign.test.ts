import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { payloadOf } from '../test/support/chirpstack-uplink.ts';
import { probeCodec } from '../test/support/foreign-codec.ts';
import type { CodecInput } from './codec.ts';
import { decodeFrame } from './decode.ts';
import { openForeign } from './foreign.ts';
import { parseForeignCodec } from './foreign-schema.ts';

const receivedAt = Date.UTC(2026, 2, 2, 12);
const input = (changes: Partial<CodecInput> = {}): CodecInput => ({
  fPort: 85,
  bytes: payloadOf(1234, 21.5),
  receivedAt,
  parameters: {},
  ...changes,
});

const open = async (upload: unknown, version = 3) => {
  const entry = await openForeign({ codec: parseForeignCodec(upload), version });
  onTestFinished(() => entry.decoder.close());
  return entry;
};
const script = (body: string) => probeCodec({ script: `function decodeUplink(input) { ${body} }` });

describe('a foreign codec', () => {
  it('gives the values that its profile maps, under a version of its own; numbers may be text', async () => {
    const entry = await open(probeCodec());
    expect(entry.profile.version).toBe('1.0.0+3');
    const frame = decodeFrame(entry, input());
    expect(frame).toMatchObject({
      values: [
        { property: 'distance', value: 1234, time: receivedAt },
        { property: 'air_temperature', value: 21.5 },
      ],
      warnings: [],
    });
    expect('records' in frame && frame.records[0]?.fields).not.toHaveProperty('model');
  });

  it('reads parameters as variables, with the defaults of the profile', async () => {
    const base = script('return { data: { temp_c: input.variables.offset } };');
    const parameters = { offset: { type: 'number', description: 'Added to the temperature', default: 4 } };
    const entry = await open({ ...base, profile: { ...base.profile, parameters } });
    expect(decodeFrame(entry, input())).toMatchObject({ values: [{ value: 4 }] });
    expect(decodeFrame(entry, input({ parameters: { offset: 5 } }))).toMatchObject({ values: [{ value: 5 }] });
  });

  it.each([
    ['errors', 'return { errors: ["bad frame"] };', { errors: [{ code: 'HUB_CODEC_PAYLOAD', detail: 'bad frame' }] }],
    ['a throw', 'throw new Error("oops");', { errors: [{ code: 'HUB_CODEC_FAILED', detail: 'Error: oops' }] }],
    ['warnings', 'return { data: { temp_c: 1 }, warnings: ["old", 7] };', { warnings: ['old', '7'] }],
    ['what is no number', 'return { data: { temp_c: "warm" } };', { values: [], warnings: [/no number/] }],
    ['not a number', 'return { data: { temp_c: NaN } };', { values: [{ value: null }] }],
    ['poison', 'return { data: JSON.parse(\'{"__proto__":{"temp_c":1},"temp_c":2}\') };', { values: [{ value: 2 }] }],
  ])('that answers %s', async (_, body, expected) => {
    const frame = decodeFrame(await open(script(body)), input());
    const exact = Object.fromEntries(
      Object.entries(expected).map(([key, list]) => [
        key,
        list.map((item: unknown) => (item instanceof RegExp ? expect.stringMatching(item) : item)),
      ]),
    );
    expect(frame).toMatchObject(exact);
  });

  it('maps what the network server decoded', async () => {
    const { script: _, ...rest } = probeCodec();
    const vectors = [{ fPort: 85, decoded: { tempC: 4 }, values: { air_temperature: 4 } }];
    const entry = await open({ ...rest, fromNetwork: true, vectors });
    expect(decodeFrame(entry, input({ decoded: { Level: { distMM: 1 }, tempC: 7 } }))).toMatchObject({
      values: [
        { property: 'distance', value: 1 },
        { property: 'air_temperature', value: 7 },
      ],
    });
    expect(decodeFrame(entry, input())).toMatchObject({ errors: [{ detail: /nothing that it had decoded/ }] });
  });

  it('is paused when it runs out of its time again and again, and then given one more try', async () => {
    const entry = await open(script('if (input.bytes[0] === 9) while (true) {} return { data: { temp_c: 1 } };'));
    const bad = input({ bytes: Uint8Array.of(9) });
    const detailOf = (frame: CodecInput) => {
      const result = decodeFrame(entry, frame);
      return 'errors' in result ? result.errors[0]?.detail : 'decoded';
    };
    for (let i = 0; i < 4; i++) expect(detailOf(bad)).toMatch(/stopped after/);
    expect(detailOf(input())).toBe('decoded');
    for (let i = 0; i < 5; i++) expect(detailOf(bad)).toMatch(/stopped after/);
    for (let i = 0; i < 100; i++) expect(detailOf(input())).toMatch(/paused/);
    expect(detailOf(bad)).toMatch(/stopped after/);
    for (let i = 0; i < 100; i++) expect(detailOf(input())).toMatch(/paused/);
    expect(detailOf(input())).toBe('decoded');
    for (let i = 0; i < 4; i++) expect(detailOf(bad)).toMatch(/stopped after/);
    expect(detailOf(input())).toBe('decoded');
  });

  it('comes back by itself when its sandbox broke', async () => {
    const entry = await open(probeCodec());
    const { Sandbox } = await import('./sandbox/sandbox.ts');
    let isBroken = true;
    const broken = vi.spyOn(Sandbox.prototype, 'isBroken', 'get').mockImplementation(() => isBroken);
    const call = vi.spyOn(Sandbox.prototype, 'call').mockImplementationOnce(() => {
      throw new Error('unreachable');
    });
    const reopen = vi.spyOn(Sandbox.prototype, 'reopen');
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    expect(decodeFrame(entry, input())).toMatchObject({ errors: [{ code: 'HUB_CODEC_FAILED' }] });
    expect(reopen).toHaveBeenCalledOnce();
    await reopen.mock.results[0]?.value;
    isBroken = false;
    expect(decodeFrame(entry, input())).toHaveProperty('values');
    expect([broken.mock.calls.length > 0, call.mock.calls.length]).toEqual([true, 2]);
  });
});

describe('an upload', () => {
  const base = probeCodec();
  it.each([
    ['another vendor', { profile: { ...base.profile, id: 'milesight/am308' } }, 'profile.id'],
    ['an alias', { profile: { ...base.profile, aliases: ['am308'] } }, 'profile.aliases'],
    ['a state', { profile: { ...base.profile, stateHorizonS: 60 } }, 'profile.stateHorizonS'],
    ['a script too long', { script: 'ü'.repeat(131_073) }, 'script'],
    ['neither script nor network', { script: undefined }, 'script'],
    ['both', { fromNetwork: true }, 'script'],
    ['no vector', { vectors: [] }, 'vectors'],
    ['a vector that says nothing', { vectors: [{ fPort: 1, hex: '00' }] }, 'vectors.0'],
    ['too many', { vectors: Array.from({ length: 201 }, () => base.vectors[0]) }, 'vectors'],
    ['half a byte', { vectors: [{ fPort: 1, hex: '0', expected: {} }] }, 'vectors.0.hex'],
    ['an unknown dialect', { dialect: 'cobol' }, 'dialect'],
  ])('with %s is refused', (_, changes, path) => {
    expect(() => parseForeignCodec({ ...base, ...changes })).toThrow(
      expect.objectContaining({
        code: 'HUB_REQUEST_INVALID',
        faults: expect.arrayContaining([expect.objectContaining({ path })]),
      }),
    );
  });
});
