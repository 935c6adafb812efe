import type { Codec, CodecResult, DecodedRecord, Parameters } from '../../codec.ts';
import type { Fields } from '../../formats/part.ts';
import { binaryInput, commonAttributes } from '../../formats/watteco-clusters.ts';
import { pulseSeries } from '../../formats/watteco-pulses.ts';
import { wattecoCodec } from '../../formats/watteco-zcl.ts';

// Reads the flashes of one meter; the variant with three inputs names them by endpoint. What was consumed follows from
// parameters, as types/watecco/flashO of akenza-io/device-type-library has it.

const inputs = ['', '_2', '_3'];

const frames = wattecoCodec({
  attributes: { ...commonAttributes, ...binaryInput },
  endpoints: {
    index: inputs.map((input) => `index${input}`),
    pin_state: inputs.map((input) => `pin_state${input}`),
  },
  batches: [
    {
      tagBits: 1,
      series: [
        { tag: 0, field: 'index', type: 'u32', resolution: 1 },
        { tag: 1, field: 'battery_voltage', type: 'u16', resolution: 100, divisor: 1000 },
      ],
    },
    {
      tagBits: 4,
      series: [
        ...pulseSeries.map((series) => ({ ...series, field: series.field.replace('_1', '') })),
        { tag: 6, field: 'battery_voltage', type: 'u16', resolution: 100, divisor: 1000 },
      ],
    },
  ],
});

const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === 'number' || typeof value === 'string' ? Number(value) || otherwise : otherwise;

const thousandths = (value: number): number => Math.round(value * 1000) / 1000;

type Totals = Readonly<Record<string, number>>;

/** Adds what each counter counted since the one before; 0 for the first one and after the counter was exchanged. */
const withDeltas = (record: DecodedRecord, totals: Record<string, number>, parameters: Parameters): DecodedRecord => {
  const fields: Fields = { ...record.fields };
  for (const [input, suffix] of inputs.entries()) {
    const index = fields[`index${suffix}`];
    if (typeof index !== 'number') continue;
    const before = totals[`lastPulse${input + 1}`];
    const delta = before === undefined || before > index ? 0 : index - before;
    totals[`lastPulse${input + 1}`] = index;
    fields[`pulse_delta${suffix}`] = delta;
    if (!parameters[`pulseType${input + 1}`]) continue;
    const multiplier = numberOf(parameters[`multiplier${input + 1}`], 1);
    const divider = numberOf(parameters[`divider${input + 1}`], 1);
    fields[`consumption${suffix}`] = thousandths((delta * multiplier) / divider);
    fields[`consumption_cumulative${suffix}`] = thousandths((index * multiplier) / divider);
  }
  return { ...record, fields };
};

export const codec: Codec = {
  decodeUplink(input): CodecResult {
    const result = frames.decodeUplink(input);
    if ('errors' in result) return result;
    const totals: Record<string, number> = { ...(input.state as Totals | undefined) };
    const records = result.records.map((record) => withDeltas(record, totals, input.parameters));
    return { ...result, records, state: totals };
  },
};
