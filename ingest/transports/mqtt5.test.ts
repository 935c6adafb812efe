import mqttPacket, { type Packet } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { Mqtt5Writer, unsubscribesIn } from './mqtt5.ts';

const limits = { maxPacketBytes: 16_777_216, receiveMaximum: 2000 };

const read = (bytes: Buffer): Packet[] => {
  const packets: Packet[] = [];
  const parser = mqttPacket.parser({ protocolVersion: 5 });
  parser.on('packet', (packet) => packets.push(packet));
  parser.parse(bytes);
  return packets;
};

describe('Mqtt5Writer', () => {
  it('rewrites what differs and leaves the rest, byte by byte or all at once', () => {
    const old = Buffer.concat(
      (
        [
          { cmd: 'connack', returnCode: 0, sessionPresent: true },
          { cmd: 'suback', messageId: 1, granted: [1, 128] },
          { cmd: 'unsuback', messageId: 2 },
          { cmd: 'puback', messageId: 3 },
          { cmd: 'publish', topic: 't/ö', payload: 'zero', qos: 0, dup: false, retain: false },
          { cmd: 'publish', topic: 't', payload: Buffer.alloc(200), qos: 1, messageId: 4, dup: false, retain: false },
          { cmd: 'pingresp' },
        ] as Packet[]
      ).map((packet) => mqttPacket.generate(packet)),
    );
    for (const pieces of [[old], [...old].map((byte) => Buffer.from([byte]))]) {
      const writer = new Mqtt5Writer({ ...limits, assignedClientId: 'given' });
      writer.noteUnsubscribe(3);
      expect(read(Buffer.concat(pieces.map((piece) => writer.rewrite(piece))))).toMatchObject([
        {
          cmd: 'connack',
          reasonCode: 0,
          sessionPresent: true,
          properties: {
            maximumPacketSize: 16_777_216,
            receiveMaximum: 2000,
            sessionExpiryInterval: 0,
            retainAvailable: false,
            assignedClientIdentifier: 'given',
          },
        },
        { cmd: 'suback', messageId: 1, granted: [1, 128] },
        { cmd: 'unsuback', messageId: 2, granted: [0, 0, 0] },
        { cmd: 'puback', messageId: 3, reasonCode: 0 },
        { cmd: 'publish', topic: 't/ö', payload: Buffer.from('zero') },
        { cmd: 'publish', topic: 't', qos: 1, messageId: 4, payload: Buffer.alloc(200) },
        { cmd: 'pingresp' },
      ]);
    }
  });

  it('says why a log-in is refused', () => {
    const refusal = mqttPacket.generate({ cmd: 'connack', returnCode: 4, sessionPresent: false });
    expect(read(new Mqtt5Writer(limits).rewrite(refusal))).toMatchObject([{ reasonCode: 0x86 }]);
  });
});

describe('unsubscribesIn', () => {
  it('counts the filters of each UNSUBSCRIBE among other packets', () => {
    const frames = (
      [
        { cmd: 'publish', topic: 't', payload: Buffer.alloc(200), qos: 0, dup: false, retain: false },
        { cmd: 'unsubscribe', messageId: 1, unsubscriptions: ['a', 'b/c'], properties: { userProperties: { x: 'y' } } },
        { cmd: 'pingreq' },
        { cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['a'] },
      ] as Packet[]
    ).map((packet) => mqttPacket.generate(packet, { protocolVersion: 5 }));
    expect(unsubscribesIn(Buffer.concat(frames))).toEqual([2, 1]);
  });
});
