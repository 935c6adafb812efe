import { payloadOf } from './chirpstack-uplink.ts';

/** What an operator would upload for the device of chirpstack-uplink.ts: distance in a nested object, as text, as vendors do. */
export const probeCodec = (changes: { scale?: number; id?: string; script?: string } = {}) => {
  const { scale = 1, id = 'custom/probe-7' } = changes;
  const script =
    changes.script ??
    `function decodeUplink(input) {
      if (input.bytes.length < 11) return { errors: ['too short'] };
      var mm = (input.bytes[9] | input.bytes[10] << 8) * ${scale};
      return { data: { Level: { DistMm: mm.toFixed(1) }, TempC: input.bytes[5] / 10, model: 'P7' } };
    }`;
  return {
    profile: {
      id,
      vendor: 'custom',
      model: 'probe-7',
      name: { de: 'Sonde 7', en: 'Probe 7' },
      version: '1.0.0',
      datasheet: 'https://example.org/probe-7.pdf',
      fPorts: [85],
      reportingIntervalS: 3600,
      stateHorizonS: 0,
      maxUplinksPerHour: 60,
      parameters: {},
      fields: {
        level_dist_mm: { role: 'observation' as const, property: 'distance', unit: 'mm' },
        temp_c: { role: 'observation' as const, property: 'air_temperature', unit: 'Cel' },
      },
    },
    script,
    vectors: [
      {
        fPort: 85,
        hex: payloadOf(1000, 20).toString('hex'),
        expected: { Level: { DistMm: (1000 * scale).toFixed(1) } },
      },
    ],
  };
};
