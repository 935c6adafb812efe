import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createCatalogue, loadCatalogue } from '../devices/catalogue.ts';
import { decodeBatch, decodeRequest } from './decode.ts';

const catalogue = await loadCatalogue();
const now = () => Date.UTC(2026, 2, 2, 12);
const decode = (request: unknown) => decodeRequest(request, { catalogue, now });

describe('decode', () => {
  it('answers records, observations with unit and flag, warnings', () => {
    expect(
      decode({
        profile: 'milesight-em400-tld',
        fPort: 85,
        hex: '01 75 5C 04 82 44 08',
        parameters: { emptyDistanceMm: 2500, fullDistanceMm: 500 },
      }),
    ).toEqual({
      records: [{ fields: { battery: 92, distance: 2116 } }],
      observations: [
        { property: 'battery_level', value: 92, unit: '%', time: '2026-03-02T12:00:00.000Z', record: 0, flag: 1 },
        { property: 'distance', value: 2116, unit: 'mm', time: '2026-03-02T12:00:00.000Z', record: 0, flag: 1 },
        { property: 'fill_level', value: 19.2, unit: '%', time: '2026-03-02T12:00:00.000Z', record: 0, flag: 1 },
      ],
      warnings: [],
    });
  });

  it("tries the profile's ports where none is given", () => {
    expect(decode({ profile: 'pmx/tcr', fPort: null, hex: 'd20a020211004200' })).toMatchObject({
      records: [{ fields: { licence: 'PRO' } }],
    });
    expect(decode({ profile: 'pmx/tcr', hex: 'ff' })).toMatchObject({ errors: [{ code: 'HUB_CODEC_PAYLOAD' }] });
  });

  it.each([
    [{ profile: 'milesight/em500', fPort: 85, hex: '' }, 'HUB_CODEC_UNKNOWN_PROFILE', /em500"; write milesight\/em/],
    [{ fPort: 85, hex: '' }, 'HUB_CODEC_UNKNOWN_PROFILE', /No device profile is named/],
    [{ profile: 'pmx/tcr', fPort: 13, hex: '0x' }, 'HUB_REQUEST_INVALID', /"x" at digit 2/],
    [{ profile: 'pmx/tcr', fPort: 13, hex: 'a21' }, 'HUB_REQUEST_INVALID', /one is missing/],
    [{ profile: 'pmx/tcr', fPort: 13 }, 'HUB_REQUEST_INVALID', /hex is a text/],
    [{ profile: 'pmx/tcr', fPort: 13, hex: '00'.repeat(300) }, 'HUB_REQUEST_INVALID', /at most 242/],
    [{ profile: 'pmx/tcr', fPort: '13', hex: '' }, 'HUB_REQUEST_INVALID', /1 to 223/],
    [{ profile: 'pmx/tcr', fPort: 13, hex: '', receivedAt: 'today' }, 'HUB_REQUEST_INVALID', /2026-03-02T07:15:31Z/],
    [{ profile: 'pmx/tcr', fPort: 13, hex: '', parameters: [1] }, 'HUB_REQUEST_INVALID', /sensorHeightM/],
    [{ profile: 'pmx/tcr', fPort: 99, hex: '' }, 'HUB_CODEC_UNKNOWN_PORT', /13, 14/],
    [['no object'], 'HUB_REQUEST_INVALID', /a request is an object/],
  ])('says what is wrong with %j', (request, code, detail) => {
    expect(decode(request)).toEqual({ errors: [{ code, detail: expect.stringMatching(detail) }] });
  });
});

const batch = async (lines: readonly string[], from = catalogue): Promise<unknown[]> => {
  const output = new PassThrough();
  const answer = text(output);
  await decodeBatch(PassThrough.from([lines.join('\n')]), output, { catalogue: from, now });
  output.end();
  return (await answer)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
};

describe('decode --batch', () => {
  it('answers line by line, in order, and goes on after a bad line', async () => {
    const good = JSON.stringify({
      profile: 'decentlab/dl-mbx',
      fPort: 1,
      hex: '02002a00030c1c00090c80',
      parameters: { sensorHeightM: 5.35 },
    });
    expect(await batch([good, '{"profile":', '', good])).toMatchObject([
      {
        observations: expect.arrayContaining([
          expect.objectContaining({ property: 'water_level', value: 2.25, unit: 'm' }),
        ]),
      },
      { errors: [{ code: 'HUB_REQUEST_INVALID' }] },
      { records: [{ fields: { distance: 3100 } }] },
    ]);
  });

  it("carries a device's state from line to line, and nobody else's", async () => {
    const template = catalogue.get('decentlab/dl-mbx');
    if (!template) throw new Error('no DL-MBX');
    const counting = createCatalogue([
      {
        profile: template.profile,
        codec: {
          decodeUplink: ({ state }) => ({
            records: [{ fields: { device_id: Number(state ?? 0) } }],
            warnings: [],
            state: Number(state ?? 0) + 1,
          }),
        },
      },
    ]);
    const line = (device?: string) => JSON.stringify({ profile: 'decentlab/dl-mbx', fPort: 1, hex: '', device });
    const seen = (await batch([line('a'), line('a'), line('b'), line(), line('a')], counting)) as {
      records: { fields: { device_id: number } }[];
    }[];
    expect(seen.map(({ records }) => records[0]?.fields.device_id)).toEqual([0, 1, 0, 0, 2]);
  });
});
