import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../model/errors.ts';
import { PLAUSIBLE_TIME, parseRfc3339 } from '../../model/time.ts';
import { adapters } from './adapters.ts';
import { timeOf } from './fields.ts';
import chirpstack from './fixtures/chirpstack-v4.json' with { type: 'json' };
import theThingsStack from './fixtures/the-things-stack-v3.json' with { type: 'json' };

const documents: Readonly<Record<string, object[]>> = {
  'chirpstack-v4': Object.values(chirpstack).filter((document) => typeof document === 'object'),
  'the-things-stack-v3': Object.values(theThingsStack).filter((document) => typeof document === 'object'),
};

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
  ),
  fc.string(),
);

describe.each([...adapters])('%s', (kind, adapter) => {
  const check = (topic: string | undefined, body: Uint8Array): void => {
    try {
      const event = adapter.parse(topic, body);
      expect(JSON.stringify(event)).toBeTypeOf('string');
      if (event.kind === 'ignored') return;
      expect(event.devEui).toMatch(/^[0-9a-f]{16}$/);
      expect(event.receivedAt).toBeGreaterThanOrEqual(PLAUSIBLE_TIME.min);
      expect(Number.isInteger(event.receivedAt)).toBe(true);
    } catch (thrown) {
      if (!(thrown instanceof HubError)) throw thrown;
      expect(thrown.code).toMatch(/^HUB_ENVELOPE_/);
    }
  };

  it('survives mutated documents', () => {
    const document = fc.constantFrom(...(documents[kind] ?? []));
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
      { numRuns: 2000 },
    );
  });

  it('survives documents with bytes changed', () => {
    const document = fc.constantFrom(...(documents[kind] ?? []));
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

describe('timeOf', () => {
  it('agrees with the model on every spelling', () => {
    const pad = (length: number) => (value: number) => String(value).padStart(length, '0');
    const two = fc.nat(65).map(pad(2));
    const text = fc
      .tuple(
        fc.integer({ min: 2015, max: 2089 }).map(pad(4)),
        two,
        two,
        two,
        two,
        two,
        // V8 misreads fractions of ten digits and more, which timeOf does not
        fc.option(fc.stringMatching(/^\d{0,9}$/)),
        fc.constantFrom('Z', 'z', '+00:00', '+02:30', '-00:00', ''),
      )
      .map(([y, mo, d, h, mi, s, f, zone]) => `${y}-${mo}-${d}T${h}:${mi}:${s}${f === null ? '' : `.${f}`}${zone}`);
    fc.assert(
      fc.property(text, (value) => timeOf(value) === parseRfc3339(value)),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2015-01-01'), max: new Date('2089-12-31'), noInvalidDate: true }),
        (date) => timeOf(date.toISOString()) === date.getTime(),
      ),
    );
    expect(timeOf('2026-03-02T07:15:31')).toBeUndefined();
    expect(timeOf('2026-03-02T07:15:31.0001000000Z')).toBe(Date.UTC(2026, 2, 2, 7, 15, 31));
  });
});
