import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Catalogue, createCatalogue, loadCatalogue } from './catalogue.ts';
import { guessProfiles } from './guess.ts';
import { vectorsFileSchema } from './vectors-file.ts';

const catalogue = await loadCatalogue();
const receivedAt = Date.UTC(2026, 2, 2, 12);
const SAMPLES_PER_PROFILE = 4;

interface Sample {
  readonly profile: string;
  readonly fPort: number;
  readonly bytes: Uint8Array;
}

const samples: Sample[] = (
  await Promise.all(
    catalogue.list().map(async ({ profile }) => {
      const text = await readFile(new URL(`${profile.id}/vectors.json`, import.meta.url), 'utf8');
      return vectorsFileSchema
        .parse(JSON.parse(text))
        .vectors.filter(({ records }) => records !== undefined)
        .slice(0, SAMPLES_PER_PROFILE)
        .map(({ fPort, hex }) => ({ profile: profile.id, fPort, bytes: Uint8Array.fromHex(hex) }));
    }),
  )
).flat();

/** Models of one format cannot be told apart by one frame: they score alike. */
const ALIKE = 0.05;

/** Profiles that the guess puts clearly above the right one; undefined where the right one is not named. */
const above = (from: Catalogue, { profile, fPort, bytes }: Sample): number | undefined => {
  const guesses = guessProfiles(from, [{ fPort, bytes }], { receivedAt, limit: 500 });
  const right = guesses.find((guess) => guess.profile === profile);
  return right && guesses.filter(({ score }) => score > right.score + ALIKE).length;
};

describe('guessing a profile', () => {
  it('puts no other model above the right one for most single frames, and at most two for nearly all', () => {
    const places = samples.map((sample) => above(catalogue, sample));
    const first = places.filter((at) => at === 0).length;
    const firstThree = places.filter((at) => at !== undefined && at < 3).length;
    const share = (n: number) => `${((100 * n) / samples.length).toFixed(1)} %`;
    console.log(
      `guess: ${samples.length} single frames of ${catalogue.list().length} profiles; none scores above the right one for ${share(first)}, at most two for ${share(firstThree)}`,
    );
    expect(first / samples.length).toBeGreaterThan(0.7);
    expect(firstThree / samples.length).toBeGreaterThan(0.85);
    expect(places).not.toContain(undefined);
  });

  it('finds a relative of the model where its own profile is left out and its format is shared', () => {
    const vendorOf = (id: string) => id.split('/')[0];
    const shared = samples.filter(({ profile }) =>
      catalogue
        .list()
        .some((other) => other.profile.id !== profile && vendorOf(other.profile.id) === vendorOf(profile)),
    );
    const found = shared.filter((sample) => {
      const rest = createCatalogue(catalogue.list().filter(({ profile }) => profile.id !== sample.profile));
      const [best] = guessProfiles(rest, [sample], { receivedAt, limit: 1 });
      return best && vendorOf(best.profile) === vendorOf(sample.profile);
    });
    console.log(`guess, leave-one-out: a model of the same maker first for ${found.length} of ${shared.length} frames`);
    expect(shared.length).toBeGreaterThan(0);
  });

  it('needs no fPort, and gains by a second frame', () => {
    const one = { bytes: Uint8Array.fromHex('01755c0367340104824408050001') };
    const [guess] = guessProfiles(catalogue, [one], { receivedAt });
    expect(guess?.profile).toMatch(/^milesight\//);
    const [both] = guessProfiles(catalogue, [one, one], { receivedAt });
    expect(both?.score).toBeGreaterThan(guess?.score ?? Number.POSITIVE_INFINITY);
    expect(both).toMatchObject({ decoded: 2 });
  });

  it('answers nothing for noise that no profile accepts', () => {
    expect(guessProfiles(catalogue, [{ fPort: 222, bytes: Uint8Array.of(255, 254, 253) }], { receivedAt })).toEqual([]);
  });
});
