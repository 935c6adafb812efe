import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from './catalogue.ts';

const catalogue = await loadCatalogue();
const entries = catalogue.list().filter(({ downlink }) => downlink);

const encode = (profile: string, data: Readonly<Record<string, unknown>>) => {
  const downlink = catalogue.get(profile)?.downlink;
  if (!downlink) throw new Error(`${profile} takes no downlinks`);
  const { fPort, bytes } = downlink.encodeDownlink(data);
  return { fPort, hex: bytes.toHex() };
};

describe('downlinks of Decentlab', () => {
  // chirpstack/chirpstack-device-profiles:vendors/decentlab/codecs/test_encode_dl-mbx.json [MIT]
  it.each([
    [{ command: 'set period + save', parameter: 3600 }, '00020e1048a4'],
    [{ command: 'set adr off' }, '00070000e5b1'],
  ])('encode %j', (data, hex) => {
    expect(encode('decentlab/dl-mbx', data)).toEqual({ fPort: 1, hex });
  });

  it.each([{ command: 'make coffee' }, { command: 'set period', parameter: 70_000 }, { command: 'set period' }, {}])(
    'refuse %j',
    (data) => {
      expect(() => encode('decentlab/dl-mbx', data)).toThrow(expect.objectContaining({ code: 'HUB_CODEC_PAYLOAD' }));
    },
  );
});

describe('downlinks of Milesight', () => {
  // chirpstack/chirpstack-device-profiles:vendors/milesight/codecs/test_encode_em300-sld-zld.json [MIT]
  it.each([
    [{ reboot: 'yes' }, 'ff10ff'],
    [{ report_interval: 600 }, 'ff035802'],
    [{ collection_interval: 300 }, 'ff022c01'],
    [{ report_interval: 600, collection_interval: 300 }, 'ff035802ff022c01'],
    [{ history_enable: 'enable' }, 'ff6801'],
    [{ retransmit_enable: 'enable' }, 'ff6901'],
    [{ retransmit_interval: 600 }, 'ff6a005802'],
    [
      { temperature_alarm_config: { condition: 'between', threshold_min: 10, threshold_max: 30 } },
      'ff060b64002c0100000000',
    ],
    [{ leakage_alarm_config: { enable: 'enable', report_interval: 600, report_times: 10 } }, 'ff06110000000058020a00'],
    [{ temperature_calibration_settings: { enable: 'enable', calibration_value: 1.5 } }, 'ffea800f00'],
    [{ d2d_master_config: [{ mode: 'leakage_alarm', report_type: 'd2d', d2d_cmd: '1234' }] }, 'ff7903013412'],
  ])('encode %j', (data, hex) => {
    expect(encode('milesight/em300-sld-zld', data)).toEqual({ fPort: 85, hex });
  });

  it.each([
    [{ report_interval: 0 }, /from 1 to 64800/],
    [{ report_interval: 'often' }, /from 1 to 64800/],
    [{ leakage_alarm_config: { enable: 'enable' } }, /lacks report_interval/],
    [
      { temperature_alarm_config: { condition: 'sideways', threshold_min: 1, threshold_max: 2 } },
      /no state "sideways"/,
    ],
    [{ colour: 'red' }, /No setting "colour"/],
    [{ reboot: 'no' }, /Nothing to send/],
  ])('refuse %j', (data, message) => {
    expect(() => encode('milesight/em300-sld-zld', data)).toThrow(message);
  });
});

describe('every downlink encoder', () => {
  it.each(entries.map((entry) => [entry.profile.id, entry] as const))(
    '%s refuses nonsense in words',
    (_, { downlink }) => {
      fc.assert(
        fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) => {
          try {
            const { fPort, bytes } = downlink?.encodeDownlink(data) ?? { fPort: 1, bytes: new Uint8Array() };
            expect(fPort).toBeGreaterThan(0);
            expect(bytes.length).toBeLessThanOrEqual(242);
          } catch (thrown) {
            // By its shape: rooms are loaded on their own and have a class of the same name.
            expect(thrown).toMatchObject({ code: 'HUB_CODEC_PAYLOAD' });
          }
        }),
        { numRuns: 300 },
      );
    },
  );
});

interface DownlinkVector {
  readonly fPort: number;
  readonly hex: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const vectorsOf = (id: string): DownlinkVector[] => {
  const file = new URL(`${id}/downlinks.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
};
const vectors = entries.flatMap((entry) =>
  vectorsOf(entry.profile.id).map(
    (vector) => [`${entry.profile.id} ${vector.fPort}:${vector.hex}`, entry, vector] as const,
  ),
);

describe('downlinks.json of the rooms', () => {
  it.each(vectors)('%s is encoded, and read again where the device repeats it', (_, entry, { fPort, hex, data }) => {
    expect(encode(entry.profile.id, data)).toEqual({ fPort, hex });
    const frame = { fPort, bytes: Uint8Array.fromHex(hex), receivedAt: 0, parameters: {} };
    expect(entry.codec.decodeUplink(frame)).toMatchObject({
      records: expect.arrayContaining([{ fields: expect.objectContaining({ packet_type: data.packet_type }) }]),
    });
  });

  it('are there', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(86);
  });
});

const folder = new URL('../../shared/facts/downlinks/', import.meta.url);
interface DownlinkFact {
  readonly fPort: number | null;
  readonly hex: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly expected?: { readonly data?: Readonly<Record<string, unknown>> };
}

describe.runIf(existsSync(folder))('downlink facts beside the repository', () => {
  it.each([
    ['decentlab-dl-mbx', 'decentlab/dl-mbx'],
    ['milesight-em300-sld-zld', 'milesight/em300-sld-zld'],
    ['nas-ul20xx_1_0_x', 'nas/ul20xx-v1_0'],
    ['nas-ul20xx_1_1_x', 'nas/ul20xx-v1_1'],
  ])('%s are encoded byte for byte', (file, profile) => {
    const facts: DownlinkFact[] = JSON.parse(readFileSync(new URL(`${file}.json`, folder), 'utf8'));
    for (const { fPort, hex, input, expected } of facts) {
      const data = input ?? expected?.data;
      if (!data) throw new Error(`${hex}: nothing to encode`);
      const encoded = encode(profile, data);
      expect(encoded.hex, JSON.stringify(data)).toBe(hex);
      if (fPort !== null) expect(encoded.fPort).toBe(fPort);
    }
    expect(facts.length).toBeGreaterThan(0);
  });
});
