import { observedProperties } from '../model/observed-properties.ts';
import type { EpochMs } from '../model/time.ts';
import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import { type DecodedFrame, decodeFrame } from './decode.ts';

/** A frame of a device that nobody has registered. */
export interface UnknownFrame {
  readonly bytes: Uint8Array;
  /** Absent where nobody knows it: then every port of a profile is tried. */
  readonly fPort?: number;
}

/** How well a profile explains the frames. */
export interface Guess {
  readonly profile: string;
  /** Sum over the frames, in natural-logarithm units: 0 says nothing, 3 more is twenty times as likely. */
  readonly score: number;
  /** Frames that the profile decodes. */
  readonly decoded: number;
  /** Values that it finds in them and that lie in the range of their property. */
  readonly plausibleValues: number;
  readonly implausibleValues: number;
}

interface Judgement {
  readonly score: number;
  readonly plausible: number;
  readonly implausible: number;
}

export interface GuessOptions {
  /** Against it the times in frames are judged. */
  readonly receivedAt: EpochMs;
  readonly limit?: number;
}

/** Noise frames that a profile is tried with: whoever accepts everything has said little by accepting this one. */
const NOISE_FRAMES = 64;
/** Evidence against a profile, each in units of the score. */
const COST = { notDecoded: 4, warning: 3, implausible: 5, unusual: 0.3, missing: 0.3, unnamedState: 1.5 } as const;
/** A value in its range is evidence too, but many values of one frame are not independent of each other. */
const GAIN_PER_VALUE = 0.15;
const MAX_GAIN = 1.5;

/** Ranks the profiles by how well and how plausibly they decode the frames; those that decode none are left out. */
export const guessProfiles = (
  catalogue: Catalogue,
  frames: readonly UnknownFrame[],
  { receivedAt, limit = 10 }: GuessOptions,
): Guess[] =>
  catalogue
    .list()
    .map((entry) => guessOf(entry, frames, receivedAt))
    .filter(({ decoded }) => decoded > 0)
    .sort((a, b) => b.score - a.score || (a.profile < b.profile ? -1 : 1))
    .slice(0, limit)
    .map((guess) => ({ ...guess, score: Math.round(guess.score * 100) / 100 }));

const guessOf = (entry: CatalogueEntry, frames: readonly UnknownFrame[], receivedAt: EpochMs): Guess => {
  let score = 0;
  let decoded = 0;
  let plausibleValues = 0;
  let implausibleValues = 0;
  for (const frame of frames) {
    const best = bestPort(entry, frame, receivedAt);
    if (!best) {
      score -= COST.notDecoded;
      continue;
    }
    decoded++;
    score += best.score + surprise(entry, { bytes: frame.bytes, fPort: best.fPort });
    plausibleValues += best.plausible;
    implausibleValues += best.implausible;
  }
  return { profile: entry.profile.id, score, decoded, plausibleValues, implausibleValues };
};

const bestPort = (
  entry: CatalogueEntry,
  { bytes, fPort }: UnknownFrame,
  receivedAt: EpochMs,
): (Judgement & { fPort: number }) | undefined => {
  const ports = fPort === undefined ? entry.profile.fPorts : [fPort];
  const tries = ports.flatMap((port) => {
    const result = decodeFrame(entry, { fPort: port, bytes, receivedAt, parameters: {} });
    return 'errors' in result ? [] : [{ ...judge(result), fPort: port }];
  });
  return tries.sort((a, b) => b.score - a.score)[0];
};

/** How believable what a frame decoded into is. */
const judge = ({ records, values, warnings }: DecodedFrame): Judgement => {
  let plausible = 0;
  let implausible = 0;
  let score = -COST.warning * warnings.length;
  for (const { property, value } of values) {
    const limits = observedProperties.get(property)?.quality;
    if (value === null) score -= COST.missing;
    else if (!limits || (value >= limits.gross[0] && value <= limits.gross[1])) {
      plausible++;
      const usual = limits?.usual;
      if (usual && (value < usual[0] || value > usual[1])) score -= COST.unusual;
    } else implausible++;
  }
  const states = records.flatMap(({ fields }) => Object.values(fields));
  const unnamed = states.filter((state) => typeof state === 'string' && state.startsWith('unknown')).length;
  score -= COST.implausible * implausible + COST.unnamedState * unnamed;
  // A frame in which a profile finds nothing to say fits it only by chance.
  score += plausible === 0 ? -COST.notDecoded / 2 : Math.min(MAX_GAIN, GAIN_PER_VALUE * plausible);
  return { score, plausible, implausible };
};

/** How seldom each profile accepts noise, by port and length: neither changes, and measuring it costs most of a guess. */
const measured = new WeakMap<CatalogueEntry, Map<number, number>>();
/** Noise has no time of its own; a fixed one keeps the answer the same. */
const NOISE_AT = Date.UTC(2026, 0, 1);

/** How much it says that a profile accepts this frame: the logarithm of how seldom it accepts noise of the same length. */
const surprise = (entry: CatalogueEntry, { fPort, bytes }: Required<UnknownFrame>): number => {
  const known = measured.get(entry) ?? new Map<number, number>();
  measured.set(entry, known);
  const key = fPort * 256 + bytes.length;
  let found = known.get(key);
  if (found === undefined) {
    found = -Math.log((acceptedNoise(entry, fPort, bytes.length) + 0.5) / (NOISE_FRAMES + 0.5));
    known.set(key, found);
  }
  return found;
};

const acceptedNoise = (entry: CatalogueEntry, fPort: number, length: number): number => {
  let accepted = 0;
  for (const bytes of noiseOf(length)) {
    const result = decodeFrame(entry, { fPort, bytes, receivedAt: NOISE_AT, parameters: {} });
    if (!('errors' in result) && judge(result).implausible === 0) accepted++;
  }
  return accepted;
};

/** Frames of a length. The numbers come from a linear congruential generator, so that they are always the same. */
function* noiseOf(length: number): Generator<Uint8Array> {
  let seed = 0x2545f491 + length;
  for (let round = 0; round < NOISE_FRAMES; round++) {
    yield Uint8Array.from({ length }, () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
      return seed >>> 24;
    });
  }
}
