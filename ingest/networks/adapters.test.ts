import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import { PLAUSIBLE_TIME } from '../../model/time.ts';
import { adapterOf, networkKinds } from './adapters.ts';
import { genericConfigSchema } from './generic-config.ts';
import { genericExample } from './testing.ts';

const fixtures = new URL('./fixtures/', import.meta.url);

/** The messages of `fixtures/<kind>.json`; one that is no object stands in a member `list`. */
const documentsOf = (kind: string): unknown[] =>
  Object.values(
    JSON.parse(readFileSync(new URL(`${kind}.json`, fixtures), 'utf8')) as Record<string, { list?: unknown }>,
  )
    .filter((document) => typeof document === 'object')
    .map((document) => document.list ?? document);

const strange = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    -1,
    1e308,
    2 ** 53,
    '',
    '\0',
    'x'.repeat(5000),
    '1970-01-01T00:00:00Z',
    '2100-01-01T00:00:00Z',
    [],
    {},
  ),
  fc.constant(JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":1}}')),
);

/** Replaces, removes or renames members anywhere in a document. */
const mutate = (value: unknown, draw: () => number, other: unknown): unknown => {
  if (draw() < 0.04) return other;
  if (Array.isArray(value)) return value.map((item) => mutate(item, draw, other));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(() => draw() > 0.03);
  return Object.fromEntries(members.map(([key, item]) => [draw() < 0.02 ? `${key}_` : key, mutate(item, draw, other)]));
};

const topics = fc.oneof(
  fc.constantFrom(
    undefined,
    '?event=up',
    '?event=%',
    'application/1/device/24e124710b000001/event/up',
    'v3/a/devices/b/up',
    'application/1/node/24e124710b000001/rx',
    'lora/24-e1-24-71-0b-00-00-01/up',
    'lorawan/a/24-e1-24-71-0b-00-00-01/joined',
    'wanesy/dataDownEvent',
  ),
  fc.string(),
);

it('has fixtures for every kind and none for others', () => {
  expect(
    readdirSync(fixtures)
      .filter((name) => name.endsWith('.json'))
      .sort(),
  ).toEqual(networkKinds.map((kind) => `${kind}.json`).sort());
});

describe.each(networkKinds)('%s', (kind) => {
  const adapter = adapterOf({ kind, generic: genericConfigSchema.parse(genericExample) });
  if (!adapter) throw new Error(`${kind} has no adapter`);
  const documents = documentsOf(kind);

  const check = (topic: string | undefined, body: Uint8Array): void => {
    try {
      const event = adapter.parse(topic, body);
      expect(JSON.stringify(event)).toBeTypeOf('string');
      if (event.kind === 'ignored') return;
      expect(event.devEui).toMatch(/^[0-9a-f]{16}$/);
      expect(event.receivedAt).toBeGreaterThanOrEqual(PLAUSIBLE_TIME.min);
      expect(Number.isInteger(event.receivedAt)).toBe(true);
      if (event.kind !== 'uplink') return;
      expect(event.bytes.length).toBeGreaterThan(0);
      expect(event.bytes.length).toBeLessThanOrEqual(255);
      expect(event.fPort).toBeLessThanOrEqual(255);
      expect(Number.isInteger(event.fCnt) && Number.isInteger(event.fPort)).toBe(true);
    } catch (thrown) {
      if (!(thrown instanceof HubError)) throw thrown;
      expect(thrown.code).toMatch(/^HUB_ENVELOPE_/);
    }
  };

  it('names itself and reads its fixtures', () => {
    expect(adapter.kind).toBe(kind);
    expect(documents.length).toBeGreaterThan(0);
    for (const document of documents) check(undefined, Buffer.from(JSON.stringify(document)));
  });

  it('survives mutated documents', () => {
    const document = fc.constantFrom(...documents);
    fc.assert(
      fc.property(
        topics,
        document,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        strange,
        (topic, original, stream, other) => {
          const draw = () => stream.next().value as number;
          check(topic, Buffer.from(JSON.stringify(mutate(original, draw, other)) ?? ''));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('survives documents with bytes changed', () => {
    const document = fc.constantFrom(...documents);
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(document, changes, (original, spots) => {
        const body = Buffer.from(JSON.stringify(original));
        for (const [at, byte] of spots) body[at % body.length] = byte;
        check(undefined, body);
      }),
      { numRuns: 1000 },
    );
  });

  it('survives any JSON and any bytes', () => {
    fc.assert(fc.property(topics, fc.json(), (topic, text) => check(topic, Buffer.from(text))));
    fc.assert(fc.property(topics, fc.uint8Array({ maxLength: 300 }), (topic, body) => check(topic, body)));
    check(undefined, Buffer.from('['.repeat(100_000)));
    check(undefined, Buffer.from(`{"deviceInfo":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`));
  });
});
