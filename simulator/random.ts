/**
 * Random numbers without state: each one is a hash of what it is for (seed, device, hour …), so that any of them can be
 * had at any time and in any order, and the same question always has the same answer.
 *
 * The mixing function is the 32-bit finaliser of MurmurHash3 (Austin Appleby, public domain); words are combined with
 * the golden-ratio increment of splitmix (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
 */
const mix = (word: number): number => {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
};

/** A 32-bit key from a key and one more number (integers up to 2^53, negative ones too). */
export const keyed = (key: number, word: number): number =>
  mix(mix(key + 0x9e3779b9 + (word | 0)) ^ Math.floor(word / 0x1_0000_0000));

/** A 32-bit key from a text. */
export const keyOf = (text: string, key = 0): number => {
  let h = mix(key ^ text.length);
  for (let i = 0; i < text.length; i++) h = mix(Math.imul(h, 31) + text.charCodeAt(i) + 0x9e3779b9);
  return h;
};

/** Uniform in [0, 1). */
export const uniform = (key: number, word: number): number => (keyed(key, word) >>> 0) / 0x1_0000_0000;

/** Uniform in [min, max). */
export const between = (key: number, word: number, [min, max]: readonly [number, number]): number =>
  min + uniform(key, word) * (max - min);

/** Standard normal: the sum of four uniforms, scaled; tails end at 3.46 σ, as those of a working sensor do. */
export const normal = (key: number, word: number): number => {
  const a = keyed(key, word);
  const b = keyed(a, 0x5bd1e995);
  const sum = (a & 0xffff) + (a >>> 16) + (b & 0xffff) + (b >>> 16);
  return (sum / 65_535 - 2) * 1.732_050_8;
};

/** A count with the mean `mean`: Poisson by inversion for small means, its normal limit for large ones. */
export const poisson = (key: number, word: number, mean: number): number => {
  if (mean <= 0) return 0;
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(key, word)));
  let rest = uniform(key, word);
  let probability = Math.exp(-mean);
  let count = 0;
  while (rest > probability && count < 200) {
    rest -= probability;
    count++;
    probability *= mean / count;
  }
  return count;
};

/** Smooth noise over a line, roughly standard normal, that changes within about one unit of `x` (value noise, cubic steps). */
export const smoothNoise = (key: number, x: number): number => {
  const cell = Math.floor(x);
  const f = x - cell;
  const weight = f * f * (3 - 2 * f);
  return normal(key, cell) * (1 - weight) + normal(key, cell + 1) * weight;
};
