import type { EpochMs } from '../../model/time.ts';
import type { CodecResult, DecodedRecord } from '../codec.ts';
import { payloadError } from './byte-reader.ts';
import type { Fields } from './part.ts';
import { type BitReader, bitReaderOf, readBits, readHuffman, readSample, type SampleType } from './watteco-bits.ts';

// Batch frames of Watteco (nke) devices: several series of samples, their times and differences in Huffman codes.
// Algorithm after the public "br_uncompress" of Watteco (Codec-Report-Batch, Codec-API-LoRaWAN codec/batch.js).

/** One series of a model's batches, in the order in which samples of one time are named. */
export interface Series {
  /** Its number on the wire. */
  readonly tag: number;
  readonly field: string;
  readonly type: SampleType;
  /** Step of the differences, in raw units. */
  readonly resolution: number;
  readonly divisor?: number;
}

export interface BatchLayout {
  /** Bits of a tag. */
  readonly tagBits: number;
  readonly series: readonly Series[];
}

interface Sample {
  /** Seconds of the device's own clock. */
  readonly at: number;
  readonly raw: number;
}

interface Run {
  readonly series: Series;
  /** 0 signed differences, 1 rising, 2 falling. */
  readonly coding: number;
  readonly table: number;
  readonly samples: Sample[];
}

/** The largest index of a code that stands for a difference; above it the value itself follows. */
const LARGEST_DIFFERENCE = 14;
const TIME_TABLE = 1;

/** Every sample with its own time; the batch's counter in a record without time. Throws HUB_CODEC_PAYLOAD. */
export const decodeBatch = (bytes: Uint8Array, layouts: readonly BatchLayout[], receivedAt: EpochMs): CodecResult => {
  let failure: unknown = payloadError('This model sends no batches');
  for (const layout of layouts) {
    try {
      return batchOf(bytes, layout, receivedAt);
    } catch (thrown) {
      // What the model's own layout says counts, not what a variant's would.
      if (layout === layouts[0]) failure = thrown;
    }
  }
  throw failure;
};

const batchOf = (bytes: Uint8Array, layout: BatchLayout, receivedAt: EpochMs): CodecResult => {
  const bits = bitReaderOf(bytes);
  const flags = readBits(bits, 8);
  const counter = readBits(bits, 3);
  readBits(bits, 1);
  const hasDifferences = (flags & 4) === 0;
  const first = readFirstSamples(bits, layout, { count: flags >> 4, hasDifferences });
  const { runs } = first;
  let last = first.last;
  if (hasDifferences) last = ((flags & 2) !== 0 ? readCommonTimes : readOwnTimes)(bits, layout, runs, last);
  const sentAt = readTime(bits, last);
  if (bits.at + 8 <= bits.length) throw payloadError(`${bits.length - bits.at} bits are left behind the batch`);
  const records = recordsOf(runs, layout, receivedAt - sentAt * 1000);
  return { records: [{ fields: { batch_counter: counter } }, ...records], warnings: [] };
};

const seriesOf = ({ tagBits, series }: BatchLayout, bits: BitReader): Series => {
  const tag = readBits(bits, tagBits);
  const found = series.find((candidate) => candidate.tag === tag);
  if (!found) throw payloadError(`This model has no batch series ${tag}`);
  return found;
};

interface Head {
  readonly count: number;
  readonly hasDifferences: boolean;
}

const readFirstSamples = (bits: BitReader, layout: BatchLayout, { count, hasDifferences }: Head) => {
  const runs: Run[] = [];
  let last = 0;
  for (let index = 0; index < count; index++) {
    const series = seriesOf(layout, bits);
    last = readTime(bits, last);
    const sample = { at: last, raw: readSample(bits, series.type) };
    const coding = hasDifferences ? readBits(bits, 2) : 0;
    const table = hasDifferences ? readBits(bits, 2) : 0;
    runs.push({ series, coding, table, samples: [sample] });
  }
  return { runs, last };
};

/** The next time, as a difference to the one before; 32 bits where there is none yet. */
const readTime = (bits: BitReader, before: number): number => {
  if (before === 0) return readBits(bits, 32);
  return readStep(bits, before, TIME_TABLE);
};

const readStep = (bits: BitReader, before: number, table: number): number => {
  const index = readHuffman(bits, table);
  if (index > LARGEST_DIFFERENCE) return readBits(bits, 32);
  return index === 0 ? before : before + readBits(bits, index) + 2 ** index - 1;
};

/** The run of the next tag; a batch names only series that it began with. */
const runOf = (bits: BitReader, layout: BatchLayout, runs: readonly Run[]): Run => {
  const series = seriesOf(layout, bits);
  const run = runs.find((candidate) => candidate.series === series);
  if (!run) throw payloadError(`The batch has no first value of series ${series.tag}`);
  return run;
};

/** A value by its code's index: as it is, the same as before, or some steps away. */
const readValue = (bits: BitReader, { series, coding, samples }: Run, index: number): number => {
  if (index > LARGEST_DIFFERENCE) return readSample(bits, series.type);
  const before = samples.at(-1)?.raw ?? 0;
  if (index === 0) return before;
  const code = readBits(bits, index);
  const full = 2 ** index - 1;
  if (coding === 0) {
    const steps = code >= 2 ** (index - 1) ? code : code - full;
    return before + steps * series.resolution;
  }
  return coding === 1 ? before + (code + full) * series.resolution : before - (code + full) * series.resolution;
};

/** All series share a table of times; a bit for each says whether the series has a value then. */
const readCommonTimes = (bits: BitReader, layout: BatchLayout, runs: readonly Run[], from: number): number => {
  const count = readBits(bits, 8);
  const table = readBits(bits, 2);
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const before = times.at(-1);
    // The first time is that of the first sample, whatever its code says.
    if (before !== undefined) times.push(readStep(bits, before, table));
    else
      times.push(readHuffman(bits, table) > LARGEST_DIFFERENCE ? readBits(bits, 32) : (runs[0]?.samples[0]?.at ?? 0));
  }
  for (let left = runs.length; left > 0; left--) {
    const run = runOf(bits, layout, runs);
    let firstSeen = false;
    for (const at of times) {
      if (readBits(bits, 1) === 0) continue;
      const index = readHuffman(bits, run.table);
      // The first "no difference" is the sample that the batch began with.
      if (index === 0 && !firstSeen) firstSeen = true;
      else run.samples.push({ at, raw: readValue(bits, run, index) });
    }
  }
  return times.at(-1) ?? from;
};

/** Each series has its own times; answers the latest of them all. */
const readOwnTimes = (bits: BitReader, layout: BatchLayout, runs: readonly Run[], from: number): number => {
  let last = from;
  for (let left = runs.length; left > 0; left--) {
    const run = runOf(bits, layout, runs);
    const count = readBits(bits, 8);
    if (count === 0) continue;
    const table = readBits(bits, 2);
    for (let index = 0; index < count; index++) {
      const at = readStep(bits, run.samples.at(-1)?.at ?? 0, table);
      if (at > last) last = at;
      run.samples.push({ at, raw: readValue(bits, run, readHuffman(bits, run.table)) });
    }
  }
  return last;
};

/** Samples by their time, oldest first; a second one of the same series and second gets a record of its own. */
const recordsOf = (runs: readonly Run[], { series }: BatchLayout, clockZero: EpochMs): DecodedRecord[] => {
  const byTime = new Map<number, Fields[]>();
  for (const { field, type, divisor = 1 } of series) {
    const run = runs.find((candidate) => candidate.series.field === field);
    for (const { at, raw } of run?.samples ?? []) {
      const records = byTime.get(at) ?? [];
      byTime.set(at, records);
      let fields = records.find((record) => !(field in record));
      if (!fields) {
        fields = {};
        records.push(fields);
      }
      fields[field] = sampleValue(raw, type, divisor);
    }
  }
  return [...byTime]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([at, records]) => records.map((fields) => ({ time: clockZero + at * 1000, fields })));
};

const sampleValue = (raw: number, type: SampleType, divisor: number): Fields[string] => {
  if (type === 'bit') return raw !== 0;
  if (!Number.isFinite(raw)) return null;
  // Steps of a fraction leave binary noise; floats are what they are.
  return type === 'f32' ? raw / divisor : Math.round((raw / divisor) * 1e9) / 1e9;
};
