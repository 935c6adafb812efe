import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { type CatalogueEntry, loadCatalogue } from '../devices/catalogue.ts';
import { decodeFrame } from '../devices/decode.ts';
import { Sandbox } from '../devices/sandbox/sandbox.ts';
import { vectorsFileSchema } from '../devices/vectors-file.ts';

/**
 * npm run bench:codecs: how long a frame takes to decode, per maker of devices, beside a loop that only reads its bytes.
 * Each frame of the catalogue's vectors is decoded many times; the figure of a frame is the median of several rounds.
 */
const ROUNDS = 15;
const CALLS = 400;
const RECEIVED_AT = Date.UTC(2026, 2, 2, 12);

interface Frame {
  readonly entry: CatalogueEntry;
  readonly fPort: number;
  readonly bytes: Uint8Array;
  readonly receivedAt: number;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

const framesOf = (entry: CatalogueEntry): Frame[] => {
  const file = new URL(`../devices/${entry.profile.id}/vectors.json`, import.meta.url);
  return vectorsFileSchema
    .parse(JSON.parse(readFileSync(file, 'utf8')))
    .vectors.filter(({ records }) => records !== undefined)
    .map(({ fPort, hex, receivedAt, parameters = {} }) => ({
      entry,
      fPort,
      bytes: Uint8Array.fromHex(hex),
      receivedAt: receivedAt === undefined ? RECEIVED_AT : Date.parse(receivedAt),
      parameters,
    }));
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Keeps results alive, so that no loop is optimised away. */
let sink = 0;

/** Microseconds of one call: the median over rounds, since a busy machine only ever makes it longer. */
const microseconds = (call: () => number, calls = CALLS): number => {
  for (let i = 0; i < calls; i++) sink += call();
  const rounds = Array.from({ length: ROUNDS }, () => {
    const begin = performance.now();
    for (let i = 0; i < calls; i++) sink += call();
    return ((performance.now() - begin) * 1000) / calls;
  });
  return median(rounds);
};

const sumOf = (bytes: Uint8Array): number => {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum;
};

const rounded = (value: number): number => Number(value.toFixed(2));

const measure = (frames: readonly Frame[]) => {
  const native = frames.map((frame) => {
    const { entry, fPort, bytes, receivedAt, parameters } = frame;
    const us = microseconds(() => Object.keys(decodeFrame(entry, { fPort, bytes, receivedAt, parameters })).length);
    return { us, id: entry.profile.id };
  });
  const slowest = native.reduce((worst, one) => (one.us > worst.us ? one : worst));
  return {
    frames: frames.length,
    medianUs: rounded(median(native.map(({ us }) => us))),
    slowestUs: rounded(slowest.us),
    slowest: slowest.id,
    readingBytesUs: rounded(median(frames.map(({ bytes }) => microseconds(() => sumOf(bytes))))),
  };
};

const sandboxed = async (): Promise<number> => {
  const sandbox = await Sandbox.open(`function decodeUplink(input) {
    var b = input.bytes;
    return { data: { temperature: (((b[0] << 24) >> 16) | b[1]) / 10, humidity: b[2] / 2, battery: ((b[3] << 8) | b[4]) / 1000,
      distance: (b[5] << 8) | b[6], counter: (b[7] << 8) | b[8], alarm: (b[9] & 1) === 1 } };
  }`);
  const bytes = Uint8Array.of(0, 221, 86, 14, 46, 3, 232, 0, 17, 1);
  const us = microseconds(() => {
    const answer = sandbox.call({ direction: 'decode', fPort: 2, bytes, recvTime: RECEIVED_AT, variables: {} });
    return Object.keys(answer).length;
  }, 2_000);
  sandbox.close();
  return rounded(us);
};

const entries = (await loadCatalogue()).list();
const byMaker = Map.groupBy(entries.flatMap(framesOf), ({ entry }) => entry.profile.id.split('/')[0] ?? '');
const families = Object.fromEntries([...byMaker].map(([maker, frames]) => [maker, measure(frames)]));
const all = Object.values(families);
const sandboxUs = await sandboxed();
const medianUs = median(all.map((family) => family.medianUs));
const slowestUs = Math.max(...all.map((family) => family.slowestUs));
const startedAt = new Date();
const line = JSON.stringify({
  bench: 'codecs',
  at: startedAt.toISOString(),
  machine: { cpus: cpus().length, model: cpus()[0]?.model ?? '', load: loadavg(), node: process.version },
  profiles: entries.length,
  families,
  sandboxTenByteDecoderUs: sandboxUs,
  aims: {
    'median of every family below 5 us': all.every((family) => family.medianUs < 5),
    'no frame above 50 us': slowestUs <= 50,
    'sandbox below 25 us': sandboxUs < 25,
  },
  medianUs,
  slowestUs,
  sink: sink > 0,
});
const folder = new URL('./results/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL(`codecs-${startedAt.toISOString().slice(0, 19).replaceAll(':', '')}.json`, folder), `${line}\n`);
console.log(line);
