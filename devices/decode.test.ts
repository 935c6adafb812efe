import { describe, expect, it } from 'vitest';
import { HubError } from '../model/errors.ts';
import { DAY, HOUR } from '../model/time.ts';
import type { CatalogueEntry } from './catalogue.ts';
import type { CodecInput, CodecResult } from './codec.ts';
import { decodeFrame } from './decode.ts';
import { deviceProfileSchema } from './profile.ts';

const profile = deviceProfileSchema.parse({
  id: 'test/one',
  vendor: 'Test',
  model: 'One',
  name: { de: 'Eins', en: 'One' },
  version: '1.0.0',
  datasheet: 'https://example.org/one',
  fPorts: [7],
  reportingIntervalS: 600,
  stateHorizonS: 0,
  maxUplinksPerHour: 60,
  parameters: {},
  fields: {
    distance: { role: 'observation', property: 'distance', unit: 'cm', channel: 'left' },
    pressure: { role: 'observation', property: 'air_pressure', unit: 'kPa' },
    lid: { role: 'observation', property: 'tilt', unit: '1', codes: { shut: 0, open: 1 } },
    power: { role: 'health', property: 'external_power', unit: '1' },
    serial: { role: 'configuration', description: 'Serial number' },
  },
});

const RECEIVED_AT = Date.UTC(2026, 2, 2, 12);
const answering = (answer: (input: CodecInput) => CodecResult): CatalogueEntry => ({
  profile,
  codec: { decodeUplink: answer },
});
const frame = { fPort: 7, bytes: new Uint8Array(), receivedAt: RECEIVED_AT, parameters: {} };
const decodeFields = (fields: Record<string, number | string | boolean | null>, parameters = {}) =>
  decodeFrame(
    answering(() => ({ records: [{ fields }], warnings: [] })),
    { ...frame, parameters },
  );

describe('decodeFrame', () => {
  it('maps fields to properties in their units, truth to 0/1, states to codes, and leaves configuration out', () => {
    const result = decodeFields({ distance: 12, pressure: 95.96, lid: 'open', power: true, serial: 'x' });
    const at = { time: RECEIVED_AT, record: 0 };
    expect(result).toEqual({
      records: [{ fields: { distance: 12, pressure: 95.96, lid: 'open', power: true, serial: 'x' } }],
      values: [
        { property: 'distance', channel: 'left', value: 120, health: false, ...at },
        { property: 'air_pressure', value: 959.6, health: false, ...at },
        { property: 'tilt', value: 1, health: false, ...at },
        { property: 'external_power', value: 1, health: true, ...at },
      ],
      warnings: [],
    });
  });

  it('keeps null as missing, also for what the mounting derives from it, on the same channel', () => {
    const result = decodeFields({ distance: null }, { emptyDistanceMm: 2000, fullDistanceMm: 200 });
    expect(result).toMatchObject({
      values: [
        { property: 'distance', channel: 'left', value: null },
        { property: 'fill_level', channel: 'left', value: null },
      ],
    });
  });

  it('warns of fields without mapping, states without number and parameters that do not fit', () => {
    const result = decodeFields({ novel: 1, lid: 'ajar', distance: 3 }, { emptyDistanceMm: 100, fullDistanceMm: 200 });
    expect(result).toMatchObject({
      warnings: [
        expect.stringContaining('fill_level'),
        expect.stringContaining('novel'),
        expect.stringContaining('ajar'),
      ],
      values: [{ property: 'distance', value: 30 }],
    });
  });

  it.each([
    ['another port', { ...frame, fPort: 8 }, () => ({ records: [], warnings: [] }), 'HUB_CODEC_UNKNOWN_PORT'],
    ['errors of the codec', frame, () => ({ errors: ['short'] }), 'HUB_CODEC_PAYLOAD'],
    [
      'not a number',
      frame,
      () => ({ records: [{ fields: { distance: Number.NaN } }], warnings: [] }),
      'HUB_CODEC_FAILED',
    ],
    ['infinity', frame, () => ({ records: [{ fields: { serial: 1 / 0 } }], warnings: [] }), 'HUB_CODEC_FAILED'],
    ['a record of 1970', frame, () => ({ records: [{ time: 0, fields: {} }], warnings: [] }), 'HUB_ENVELOPE_TIME'],
    [
      'a record of NaN',
      frame,
      () => ({ records: [{ time: Number.NaN, fields: {} }], warnings: [] }),
      'HUB_ENVELOPE_TIME',
    ],
    [
      'a record of the day after tomorrow',
      frame,
      () => ({ records: [{ time: RECEIVED_AT + 2 * DAY, fields: {} }], warnings: [] }),
      'HUB_ENVELOPE_TIME',
    ],
  ] as const)('answers %s with a coded error', (_, input, answer, code) => {
    expect(decodeFrame(answering(answer), input)).toEqual({
      errors: [{ code, detail: expect.stringMatching(/\w{4}/) }],
    });
  });

  it('turns whatever a codec throws into a coded error', () => {
    const throwing = (thrown: unknown) =>
      decodeFrame(
        answering(() => {
          throw thrown;
        }),
        frame,
      );
    expect(throwing(new TypeError('boom'))).toEqual({
      errors: [{ code: 'HUB_CODEC_FAILED', detail: 'TypeError: boom' }],
    });
    expect(throwing(new HubError('HUB_CODEC_PAYLOAD', 'short'))).toEqual({
      errors: [{ code: 'HUB_CODEC_PAYLOAD', detail: 'short' }],
    });
    expect(throwing('plain')).toEqual({ errors: [{ code: 'HUB_CODEC_FAILED', detail: 'plain' }] });
  });

  it("keeps the records' own times and leaves out only those that cannot be true", () => {
    const records = [
      { time: RECEIVED_AT - HOUR, fields: { distance: 1 } },
      { time: 0, fields: { distance: 2 } },
    ];
    expect(
      decodeFrame(
        answering(() => ({ records, warnings: [] })),
        frame,
      ),
    ).toMatchObject({
      values: [{ value: 10, time: RECEIVED_AT - HOUR, record: 0 }],
      warnings: [expect.stringContaining('1970')],
    });
  });

  it('hands state in and out', () => {
    const counting = answering(({ state }) => ({ records: [], warnings: [], state: Number(state ?? 0) + 1 }));
    expect(decodeFrame(counting, { ...frame, state: 4 })).toMatchObject({ state: 5 });
    expect(
      decodeFrame(
        answering(() => ({ records: [], warnings: [] })),
        frame,
      ),
    ).not.toHaveProperty('state');
  });
});
