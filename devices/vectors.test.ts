import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseRfc3339 } from '../model/time.ts';
import { type CatalogueEntry, loadCatalogue } from './catalogue.ts';
import { type DecodedFrame, type DecodeFailure, decodeFrame } from './decode.ts';
import { compareWithFact, type Fact } from './facts-comparison.ts';
import { type Vector, type VectorsFile, vectorsFileSchema } from './vectors-file.ts';

const catalogue = await loadCatalogue();
const RECEIVED_AT = Date.UTC(2026, 2, 2, 12);

const readVectors = async ({ profile }: CatalogueEntry): Promise<VectorsFile> => {
  const text = await readFile(new URL(`${profile.id}/vectors.json`, import.meta.url), 'utf8');
  return vectorsFileSchema.parse(JSON.parse(text));
};

const attempts = await Promise.allSettled(
  catalogue.list().map(async (entry) => ({ entry, file: await readVectors(entry) })),
);
const rooms = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));

it.each(catalogue.list().map(({ profile }, index) => [profile.id, attempts[index]] as const))(
  'vectors.json of %s is in order',
  (_, attempt) => {
    if (attempt?.status === 'rejected') throw attempt.reason;
  },
);

const run = (
  entry: CatalogueEntry,
  { fPort, hex, receivedAt, parameters = {} }: Vector,
): DecodedFrame | DecodeFailure =>
  decodeFrame(entry, {
    fPort,
    bytes: Uint8Array.fromHex(hex),
    receivedAt: receivedAt === undefined ? RECEIVED_AT : (parseRfc3339(receivedAt) ?? Number.NaN),
    parameters,
  });

/** Numbers equal to nine digits: what a double keeps through one conversion. */
const near = (value: unknown): unknown => (typeof value === 'number' ? expect.closeTo(value, 9) : value);
const nearAll = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, near(value)]));

const expectSuccess = (result: DecodedFrame | DecodeFailure, { records = [], values, warnings = [] }: Vector): void => {
  if ('errors' in result) throw new Error(`unexpected ${JSON.stringify(result.errors)}`);
  const expected = records.map(({ time, fields }) => ({
    ...(time !== undefined && { time: parseRfc3339(time) }),
    fields: nearAll(fields),
  }));
  expect(result.records).toEqual(expected);
  expect(result.warnings).toEqual(warnings.map((part) => expect.stringContaining(part)));
  if (!values) return;
  const found = result.values.map(({ property, channel, value }) => ({ property, ...(channel && { channel }), value }));
  const wanted = values.map(({ value, ...rest }) => ({ ...rest, value: near(value) }));
  // Some vectors name only the values they are about.
  if (wanted.length === found.length || wanted.length === 0) expect(found).toEqual(wanted);
  else expect(found).toEqual(expect.arrayContaining(wanted));
};

describe.each(rooms.map((room) => [room.entry.profile.id, room] as const))('%s', (_, { entry, file }) => {
  it.each(
    file.vectors.map((vector) => [`${vector.fPort}:${vector.hex.slice(0, 24)} ${vector.note ?? ''}`, vector] as const),
  )('vector %s', (_name, vector) => {
    const result = run(entry, vector);
    if (vector.errors) {
      const errors = vector.errors.map(({ code, detail = '' }) => ({ code, detail: expect.stringContaining(detail) }));
      expect(result).toEqual({ errors });
    } else {
      expectSuccess(result, vector);
    }
  });

  it('has failing vectors and names its sources', () => {
    expect(file.vectors.filter(({ errors }) => errors).length).toBeGreaterThanOrEqual(2);
    expect(file.vectors.filter(({ records }) => records).length).toBeGreaterThan(0);
    expect(JSON.stringify(file)).not.toContain('TODO');
  });
});

// The facts lie beside the repository where its maintainers keep them; elsewhere the rooms' own vectors must do.
const factsFolder = new URL('../../shared/facts/vectors/', import.meta.url);

const readFacts = async ({ facts = [] }: VectorsFile): Promise<Fact[]> => {
  const texts = await Promise.all(facts.map((stem) => readFile(new URL(`${stem}.json`, factsFolder), 'utf8')));
  return texts.flatMap((text) => JSON.parse(text) as Fact[]);
};

/** The source refuses this payload. */
const isRefusal = ({ expected }: Fact): boolean =>
  typeof expected === 'object' &&
  expected !== null &&
  'errors' in expected &&
  (expected.errors as unknown[]).length > 0;

describe.runIf(existsSync(factsFolder))('facts beside the repository', () => {
  const withFacts = rooms.filter(({ file }) => file.facts !== undefined);

  it.each(withFacts.map((room) => [room.entry.profile.id, room] as const))(
    '%s agrees by value',
    async (_, { entry, file }) => {
      const transcribed = new Set(file.vectors.map(({ hex }) => hex));
      let compared = 0;
      for (const fact of await readFacts(file)) {
        expect(transcribed).toContain(fact.hex);
        const found = run(entry, {
          source: '',
          licence: '',
          fPort: fact.fPort ?? entry.profile.fPorts[0] ?? 1,
          hex: fact.hex,
          receivedAt: fact.context?.recvTime,
          parameters: file.factsParameters?.[fact.hex],
        });
        if (isRefusal(fact)) {
          expect(found).toHaveProperty('errors');
          compared++;
          continue;
        }
        if ('errors' in found) throw new Error(`${fact.hex}: ${JSON.stringify(found.errors)}`);
        const comparison = compareWithFact(fact, found.records, file.sourceNames);
        expect(comparison.missing, fact.hex).toEqual([]);
        compared += comparison.compared;
      }
      expect(compared).toBeGreaterThan(0);
    },
  );

  it('are covered for each model this hub was asked to know', () => {
    expect(withFacts.length).toBeGreaterThanOrEqual(6);
  });
});
