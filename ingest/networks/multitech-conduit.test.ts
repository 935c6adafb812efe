import { describe, expect, it } from 'vitest';
import examples from './fixtures/multitech-conduit.json' with { type: 'json' };
import { multitechConduit } from './multitech-conduit.ts';
import { ARRIVED, PAYLOAD, readerOf } from './testing.ts';

const { parse, codeOf } = readerOf(multitechConduit);
const EUI = '24-e1-24-71-0b-00-00-01';
const head = { devEui: '24e124710b000001', deviceName: 'container-17' };
const uplink = {
  ...head,
  kind: 'uplink',
  devAddr: '01020304',
  receivedAt: Date.UTC(2026, 2, 2, 7, 15, 31, 522),
  fCnt: 1174,
  fPort: 85,
  bytes: PAYLOAD,
  confirmed: true,
  frequencyHz: 868_500_000,
  spreadingFactor: 7,
  bandwidthHz: 125_000,
  receptions: [{ gatewayId: '24e124fffef00001', rssiDbm: -97, snrDb: 7.2 }],
};

describe('MultiTech Conduit', () => {
  it('reads uplinks of every interface', () => {
    const topics = [`lora/${EUI}/up`, `lora/a/${EUI}/up`, `lorawan/a/${EUI}/up`, `lorawan/g/a/${EUI}/up`, undefined];
    for (const topic of topics) expect(parse(examples.up, topic)).toEqual(uplink);
    expect(parse([examples.up])).toEqual(uplink);
  });

  it('tells hexadecimal digits from base64 by the size', () => {
    expect(parse(examples.up_hex)).toEqual(uplink);
    // eight characters are six bytes of base64 or four in hexadecimal
    expect(parse({ ...examples.up, data: '01755c03', size: 4 })).toMatchObject({
      bytes: Buffer.from('01755c03', 'hex'),
    });
    const six = { bytes: Buffer.from('01755c03', 'base64') };
    for (const size of [6, undefined]) expect(parse({ ...examples.up, data: '01755c03', size })).toMatchObject(six);
  });

  it('takes the device of a join from the topic', () => {
    const join = { ...head, kind: 'join', receivedAt: Date.UTC(2026, 2, 2, 7, 0, 11, 360) };
    expect(parse(examples.joined, `lorawan/g/${EUI}/joined`)).toEqual(join);
    expect(parse({}, `lora/${EUI}/joined`)).toMatchObject({ kind: 'join', receivedAt: ARRIVED });
    expect(codeOf(examples.joined)).toBe('HUB_ENVELOPE_NO_DEVICE');
  });

  it('follows downlinks', () => {
    const of = (event: string) => parse({ deveui: EUI, fcnt: 3 }, `lora/${EUI}/${event}`);
    expect(of('packet_sent')).toMatchObject({ kind: 'txack', fCntDown: 3 });
    expect(of('packet_ack')).toMatchObject({ kind: 'ack', acknowledged: true });
    expect(of('packet_missed')).toMatchObject({ kind: 'log', level: 'warning' });
  });

  it('ignores what the gateway says of itself', () => {
    expect(parse(examples.init, 'lorawan/029998e0/init')).toMatchObject({ kind: 'ignored' });
    expect(multitechConduit.parse('lorawan/029998e0/close', new Uint8Array())).toMatchObject({ kind: 'ignored' });
    expect(parse(['24-e1-24-ff-fe-f0-00-01'], `lorawan/a/${EUI}/moved`)).toMatchObject({ kind: 'ignored' });
    expect(parse({ ...examples.up, port: 0 })).toMatchObject({ kind: 'ignored' });
  });

  it.each([
    ['HUB_ENVELOPE_INVALID', [examples.up, examples.up], undefined],
    ['HUB_ENVELOPE_INVALID', [], undefined],
    ['HUB_ENVELOPE_INVALID', examples.downlink, undefined],
    ['HUB_ENVELOPE_TOPIC', examples.up, `lora/${EUI}/down`],
    ['HUB_ENVELOPE_TOPIC', examples.up, 'lora/24-e1-24-71-0b-00-00-02/up'],
    ['HUB_ENVELOPE_NO_DEVICE', { ...examples.up, deveui: '24-e1-24-71-0b-00-00' }, undefined],
    ['HUB_ENVELOPE_TIME', { ...examples.up, time: '1980-01-06T00:00:00Z' }, undefined],
  ])('refuses: %s', (code, document, topic) => {
    expect(codeOf(document, topic)).toBe(code);
  });
});
