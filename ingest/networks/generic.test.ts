import { describe, expect, it } from 'vitest';
import examples from './fixtures/generic.json' with { type: 'json' };
import { createGeneric } from './generic.ts';
import { genericConfigSchema } from './generic-config.ts';
import { ARRIVED, genericExample, PAYLOAD, readerOf } from './testing.ts';

const readerWith = (change: object) =>
  readerOf(createGeneric(genericConfigSchema.parse({ ...genericExample, ...change })));
const { parse, codeOf } = readerWith({});
const receivedAt = Date.UTC(2026, 2, 2, 7, 15, 31, 78);

describe('a network server told by its configuration', () => {
  it('is read where the paths lead', () => {
    expect(parse(examples.up)).toEqual({
      kind: 'uplink',
      devEui: '24e124710b000001',
      deviceName: 'Container 17',
      receivedAt,
      fCnt: 1174,
      fPort: 85,
      bytes: PAYLOAD,
      decoded: { battery: 92 },
      receptions: [
        { gatewayId: '24e124fffef00001', rssiDbm: -97, snrDb: 7.2 },
        { gatewayId: 'rathaus', rssiDbm: -110, snrDb: -3.5 },
      ],
    });
  });

  it('needs three paths only', () => {
    const { devEui, fPort, payload } = genericExample;
    const minimal = readerOf(createGeneric(genericConfigSchema.parse({ devEui, fPort, payload })));
    expect(minimal.parse(examples.up)).toEqual({
      kind: 'uplink',
      devEui: '24e124710b000001',
      receivedAt: ARRIVED,
      fCnt: 0,
      fPort: 85,
      bytes: PAYLOAD,
      receptions: [],
    });
  });

  it('reads each spelling of time and payload', () => {
    const of = (at: unknown, timeFormat: string) => readerWith({ timeFormat }).parse({ ...examples.up, at });
    expect(of('2026-03-02T08:15:31.078+01:00', 'rfc3339')).toMatchObject({ receivedAt });
    expect(of(String(receivedAt), 'unixMilliseconds')).toMatchObject({ receivedAt });
    const frame = { ...examples.up.frame, hex: PAYLOAD.toString('base64') };
    expect(readerWith({ payloadEncoding: 'base64' }).parse({ ...examples.up, frame })).toMatchObject({
      bytes: PAYLOAD,
    });
  });

  it('filters within lists', () => {
    const best = readerWith({
      gatewayId: '$.heard[?@.gw == "rathaus"].gw',
      rssi: '$.heard[?@.gw == "rathaus"].rssi',
      snr: undefined,
    });
    expect(best.parse(examples.up)).toMatchObject({ receptions: [{ gatewayId: 'rathaus', rssiDbm: -110 }] });
  });

  it('pairs nothing where lists differ in length', () => {
    const [first, second] = examples.up.heard;
    expect(parse({ ...examples.up, heard: [{ ...first, gw: undefined }, second] })).toMatchObject({
      receptions: [{ gatewayId: 'rathaus', rssiDbm: -97, snrDb: 7.2 }],
    });
  });

  it('ignores other events and frames without payload', () => {
    expect(parse(examples.status)).toMatchObject({ kind: 'ignored' });
    expect(parse({ ...examples.up, frame: {} })).toMatchObject({ kind: 'ignored' });
  });

  it.each([
    ['HUB_ENVELOPE_NO_DEVICE', { ...examples.up, device: {} }],
    ['HUB_ENVELOPE_TIME', { ...examples.up, at: undefined }],
    ['HUB_ENVELOPE_TIME', { ...examples.up, at: 12 }],
    ['HUB_ENVELOPE_INVALID', { ...examples.up, frame: { ...examples.up.frame, port: undefined } }],
    ['HUB_ENVELOPE_INVALID', { ...examples.up, frame: { ...examples.up.frame, hex: 'xyz' } }],
    ['HUB_ENVELOPE_INVALID', [examples.up, examples.up]],
    ['HUB_ENVELOPE_INVALID', 5],
  ])('refuses: %s', (code, document) => {
    expect(codeOf(document)).toBe(code);
  });

  it('does not follow a document without end', () => {
    const deep = `{"type":"data","device":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`;
    const adapter = createGeneric(genericConfigSchema.parse({ ...genericExample, devEui: '$..eui' }));
    expect(() => adapter.parse(undefined, Buffer.from(deep), ARRIVED)).toThrow(
      expect.objectContaining({ code: 'HUB_ENVELOPE_INVALID' }),
    );
  });
});

describe('its configuration', () => {
  it.each([
    ['no path', { devEui: 'device.eui' }],
    ['an unfinished path', { fPort: '$.frame[' }],
    ['a regular expression', { payload: '$[?match(@.a, @.b)]' }],
    ['a missing path', { payload: undefined }],
    ['an unknown member', { dutyCycle: '$.a' }],
    ['an unknown format', { timeFormat: 'gps' }],
  ])('refuses %s', (_, change) => {
    expect(genericConfigSchema.safeParse({ ...genericExample, ...change }).success).toBe(false);
  });
});
