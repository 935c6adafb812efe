import fc from 'fast-check';
import protobufjs from 'protobufjs/light.js';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import { chirpstackV3 } from './chirpstack-v3.ts';
import { chirpstackV4 } from './chirpstack-v4.ts';
import jsonV3 from './fixtures/chirpstack-v3.json' with { type: 'json' };
import jsonV4 from './fixtures/chirpstack-v4.json' with { type: 'json' };
import schema from './fixtures/proto/chirpstack.json' with { type: 'json' };
import { ARRIVED } from './testing.ts';

/** Encodes with the messages of ChirpStack's own .proto files: members that the hub does not read are there too. */
const root = protobufjs.Root.fromJSON(schema);
const encode = (type: string, message: object): Uint8Array => {
  const found = root.lookupType(type);
  return found.encode(found.fromObject(message)).finish();
};
const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
const time = (text: string) => ({
  seconds: Math.floor(Date.parse(text) / 1000),
  nanos: (Date.parse(text) % 1000) * 1e6,
});
const TOPIC = 'application/17c82e96/device/24e124710b000001/event';

const deviceInfo = { ...jsonV4.up.deviceInfo, deviceClassEnabled: 0 };
const headV4 = { deduplicationId: jsonV4.up.deduplicationId, time: time('2026-03-02T07:15:31.775Z'), deviceInfo };
const [hearingV4] = jsonV4.up.rxInfo;
const messagesV4: Readonly<Record<string, [type: string, message: object]>> = {
  up: [
    'integration.UplinkEvent',
    {
      ...headV4,
      devAddr: '01020304',
      adr: true,
      dr: 5,
      fCnt: 1174,
      fPort: 85,
      data: jsonV4.up.data,
      object: {
        fields: {
          battery: { numberValue: 92 },
          position: { stringValue: 'tilt' },
          open: { boolValue: false },
          none: { nullValue: 0 },
          list: { listValue: { values: [{ numberValue: 1 }, { structValue: { fields: { a: { numberValue: 2 } } } }] } },
        },
      },
      rxInfo: [
        {
          ...hearingV4,
          gwTime: time('2026-03-02T07:15:31.700Z'),
          nsTime: time('2026-03-02T07:15:31.772Z'),
          crcStatus: 2,
        },
      ],
      txInfo: {
        frequency: 868_500_000,
        modulation: { lora: { bandwidth: 125_000, spreadingFactor: 7, codeRate: 1, polarizationInversion: true } },
      },
      regionConfigId: 'eu868',
    },
  ],
  join: ['integration.JoinEvent', { ...headV4, devAddr: '01020304', regionConfigId: 'eu868' }],
  ack: ['integration.AckEvent', { ...headV4, queueItemId: jsonV4.ack.queueItemId, acknowledged: true, fCntDown: 3 }],
  txack: [
    'integration.TxAckEvent',
    {
      downlinkId: 3_461_958_127,
      time: headV4.time,
      deviceInfo,
      queueItemId: jsonV4.txack.queueItemId,
      fCntDown: 3,
      gatewayId: '24e124fffef00001',
    },
  ],
  log: ['integration.LogEvent', { time: headV4.time, deviceInfo, level: 2, code: 2, description: 'JS error: ...' }],
  location: [
    'integration.LocationEvent',
    { ...headV4, location: { latitude: 54.47, longitude: 9.05, altitude: 2, source: 3, accuracy: 120 } },
  ],
  status: ['integration.StatusEvent', { ...headV4, margin: -10, batteryLevel: 88.3 }],
};

const publishedAt = time('2026-03-02T07:15:31.875Z');
const headV3 = {
  applicationId: 430,
  applicationName: 'abfall',
  deviceName: 'container-17',
  devEui: base64('24e124710b000001'),
  tags: { asset: 'glas-17' },
  publishedAt,
};
const messagesV3: Readonly<Record<string, [type: string, message: object]>> = {
  up: [
    'v3.UplinkEvent',
    {
      ...headV3,
      rxInfo: [
        {
          gatewayId: base64('24e124fffef00001'),
          time: time('2026-03-02T07:15:31.700Z'),
          rssi: -97,
          loraSnr: 7.2,
          channel: 2,
          location: { latitude: 54.47, longitude: 9.05, altitude: 3 },
        },
      ],
      txInfo: { frequency: 868_500_000, loraModulationInfo: { bandwidth: 125, spreadingFactor: 7, codeRate: '4/5' } },
      adr: true,
      dr: 5,
      fCnt: 1174,
      fPort: 85,
      data: jsonV3.up_json.data,
      objectJson: '{"battery":92}',
      confirmedUplink: true,
      devAddr: base64('01020304'),
      deviceProfileName: 'EM400',
    },
  ],
  join: ['v3.JoinEvent', { ...headV3, devAddr: base64('01020304'), dr: 5 }],
  ack: ['v3.AckEvent', { ...headV3, acknowledged: true, fCnt: 12 }],
  txack: ['v3.TxAckEvent', { ...headV3, fCnt: 12, gatewayId: base64('24e124fffef00001') }],
  error: ['v3.ErrorEvent', { ...headV3, type: 3, error: 'execute js error' }],
  location: [
    'v3.LocationEvent',
    { ...headV3, location: { latitude: 54.47, longitude: 9.05, altitude: 2, accuracy: 120 } },
  ],
  status: ['v3.StatusEvent', { ...headV3, margin: 10, batteryLevel: 88.2 }],
  integration: ['v3.IntegrationEvent', { ...headV3, integrationName: 'loracloud', eventType: 'x', objectJson: '{}' }],
};

const head = { devEui: '24e124710b000001', deviceName: 'Container 17' };
const hearing = {
  gatewayId: '24e124fffef00001',
  rssiDbm: -97,
  snrDb: 7.2,
  time: Date.UTC(2026, 2, 2, 7, 15, 31, 700),
  latitude: 54.47,
  longitude: 9.05,
};
const frame = { kind: 'uplink', fCnt: 1174, fPort: 85, bytes: Buffer.from(jsonV4.up.data, 'base64') };
const radio = { frequencyHz: 868_500_000, spreadingFactor: 7, bandwidthHz: 125_000, receptions: [hearing] };

describe('ChirpStack 4 with Protocol Buffers', () => {
  it.each([
    [
      'up',
      {
        ...frame,
        ...radio,
        devAddr: '01020304',
        messageId: headV4.deduplicationId,
        receivedAt: Date.UTC(2026, 2, 2, 7, 15, 31, 775),
        decoded: { battery: 92, position: 'tilt', open: false, none: null, list: [1, { a: 2 }] },
      },
    ],
    ['join', { kind: 'join', devAddr: '01020304', messageId: headV4.deduplicationId }],
    ['ack', { kind: 'ack', acknowledged: true, downlinkId: jsonV4.ack.queueItemId, fCntDown: 3 }],
    ['txack', { kind: 'txack', downlinkId: jsonV4.txack.queueItemId, gatewayId: '24e124fffef00001', fCntDown: 3 }],
    ['log', { kind: 'log', level: 'error', code: 'UPLINK_CODEC', description: 'JS error: ...' }],
    ['location', { kind: 'location', latitude: 54.47, longitude: 9.05, altitudeM: 2, accuracyM: 120 }],
    ['status', { kind: 'status', marginDb: -10, batteryPercent: 88.3, externalPower: false }],
  ])('reads %s by topic, by query and by shape', (event, expected) => {
    const body = encode(...(messagesV4[event] as [string, object]));
    for (const topic of [`${TOPIC}/${event}`, `?event=${event}`, undefined])
      expect(chirpstackV4.parse(topic, body)).toMatchObject({ ...head, ...expected });
  });

  it('refuses what is still encrypted and ignores frames without payload', () => {
    const [type, up] = messagesV4.up as [string, object];
    const of = (change: object) => chirpstackV4.parse(`${TOPIC}/up`, encode(type, { ...up, ...change }));
    expect(() => of({ joinServerContext: { sessionKeyId: 'a' } })).toThrow(
      expect.objectContaining({ code: 'HUB_ENVELOPE_ENCRYPTED' }),
    );
    expect(of({ data: '' })).toMatchObject({ kind: 'ignored' });
    expect(() => of({ data: Buffer.alloc(256).toString('base64') })).toThrow(
      expect.objectContaining({ code: 'HUB_ENVELOPE_INVALID' }),
    );
  });

  it('leaves out decoded objects that nobody could handle', () => {
    const [type, up] = messagesV4.up as [string, object];
    const poison = Object.fromEntries([['__proto__', { structValue: { fields: { admin: { boolValue: true } } } }]]);
    const event = chirpstackV4.parse(undefined, encode(type, { ...up, object: { fields: poison } }));
    expect(event).toMatchObject({ kind: 'uplink' });
    expect(event).not.toHaveProperty('decoded');
  });
});

describe('ChirpStack 3 with Protocol Buffers', () => {
  it.each([
    [
      'up',
      {
        ...frame,
        ...radio,
        confirmed: true,
        devAddr: '01020304',
        receivedAt: Date.UTC(2026, 2, 2, 7, 15, 31, 700),
        decoded: { battery: 92 },
      },
    ],
    ['join', { kind: 'join', devAddr: '01020304' }],
    ['ack', { kind: 'ack', acknowledged: true, fCntDown: 12 }],
    ['txack', { kind: 'txack', fCntDown: 12, gatewayId: '24e124fffef00001' }],
    ['error', { kind: 'log', level: 'error', code: 'UPLINK_CODEC', description: 'execute js error' }],
    ['location', { kind: 'location', latitude: 54.47, longitude: 9.05, altitudeM: 2, accuracyM: 120 }],
    ['status', { kind: 'status', marginDb: 10, batteryPercent: 88.2, externalPower: false }],
    ['integration', { kind: 'ignored' }],
  ])('reads %s by topic, by query and by shape', (event, expected) => {
    const body = encode(...(messagesV3[event] as [string, object]));
    for (const topic of [`${TOPIC}/${event}`, `?event=${event}`, undefined])
      expect(chirpstackV3.parse(topic, body)).toMatchObject({ devEui: head.devEui, ...expected });
  });
});

describe('broken protobuf messages', () => {
  const bodies = [
    ...Object.values(messagesV4).map(([type, message]) => [chirpstackV4, encode(type, message)] as const),
    ...Object.values(messagesV3).map(([type, message]) => [chirpstackV3, encode(type, message)] as const),
  ];
  const topics = fc.constantFrom(
    undefined,
    ...Object.keys({ ...messagesV4, ...messagesV3 }).map((name) => `?event=${name}`),
  );

  it('are refused with a code, whatever is changed or cut off', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...bodies), changes, fc.nat(), topics, ([adapter, original], spots, cut, topic) => {
        const body = Uint8Array.from(original.subarray(0, cut % (original.length + 1)));
        for (const [at, byte] of spots) if (body.length > 0) body[at % body.length] = byte;
        try {
          const event = adapter.parse(topic, body, ARRIVED);
          if (event.kind !== 'ignored') expect(event.devEui).toMatch(/^[0-9a-f]{16}$/);
        } catch (thrown) {
          if (!(thrown instanceof HubError)) throw thrown;
          expect(thrown.code).toMatch(/^HUB_ENVELOPE_/);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('lose what is nested without end and keep the frame', () => {
    let value: Uint8Array = Buffer.from([0x11, 0, 0, 0, 0, 0, 0, 0, 0]);
    for (let depth = 0; depth < 200; depth++) value = within(6, within(1, value));
    const object = within(1, Buffer.concat([within(1, Buffer.from('a')), within(2, value)]));
    const [type, up] = messagesV4.up as [string, object];
    const body = Buffer.concat([encode(type, up), within(11, object)]);
    const event = chirpstackV4.parse(`${TOPIC}/up`, body);
    expect(event).toMatchObject(frame);
    expect(event).not.toHaveProperty('decoded');
  });
});

/** A length-delimited field. */
const within = (field: number, content: Uint8Array): Uint8Array => {
  const writer = protobufjs.Writer.create();
  return writer
    .uint32((field << 3) | 2)
    .bytes(content)
    .finish();
};
