import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { observedProperties } from '../model/observed-properties.ts';
import { createCatalogue, loadCatalogue } from './catalogue.ts';
import { decodeFrame } from './decode.ts';
import { vectorsFileSchema } from './vectors-file.ts';

const catalogue = await loadCatalogue();

describe('the device catalogue', () => {
  it('maps every field that its vectors decode into, and every state that they contain', async () => {
    let fields = 0;
    let vectors = 0;
    for (const entry of catalogue.list()) {
      const { profile } = entry;
      expect(JSON.stringify(profile), profile.id).not.toContain('TODO');
      const text = await readFile(new URL(`${profile.id}/vectors.json`, import.meta.url), 'utf8');
      for (const {
        fPort,
        hex,
        records,
        receivedAt,
        parameters = {},
        warnings: announced = [],
      } of vectorsFileSchema.parse(JSON.parse(text)).vectors) {
        vectors++;
        if (!records) continue;
        const result = decodeFrame(entry, {
          fPort,
          bytes: Uint8Array.fromHex(hex),
          receivedAt: Date.parse(receivedAt ?? '2026-03-02T12:00:00Z'),
          parameters,
        });
        if ('errors' in result) throw new Error(`${profile.id} ${hex}: ${JSON.stringify(result.errors)}`);
        for (const field of result.records.flatMap((record) => Object.keys(record.fields))) {
          expect(Object.keys(profile.fields), `${profile.id}: what becomes of ${field}?`).toContain(field);
        }
        expect(result.warnings, `${profile.id} ${hex}`).toHaveLength(announced.length);
        for (const { property, health } of result.values) {
          expect(observedProperties.get(property)?.health ?? false, `${profile.id}: ${property}`).toBe(health);
        }
      }
      fields += Object.keys(profile.fields).length;
      expect(profile.fPorts.length).toBe(new Set(profile.fPorts).size);
    }
    console.log(`catalogue: ${catalogue.list().length} profiles, ${fields} fields, ${vectors} vectors checked`);
    expect(catalogue.list().length).toBeGreaterThanOrEqual(6);
  });

  it('finds a profile by vendor/model and by vendor-model', () => {
    expect(catalogue.get('milesight/em400-tld')?.profile.model).toBe('EM400-TLD');
    expect(catalogue.get('decentlab-dl-mbx')?.profile.id).toBe('decentlab/dl-mbx');
    expect(catalogue.get('nobody/nothing')).toBeUndefined();
  });

  it('refuses two profiles of one name', () => {
    const [entry] = catalogue.list();
    if (!entry) throw new Error('empty catalogue');
    expect(() => createCatalogue([entry, entry])).toThrow(/Two device profiles/);
  });
});

describe('loadCatalogue', () => {
  let folder: string | undefined;
  afterEach(() => folder && rm(folder, { recursive: true }));

  const room = async (files: Record<string, string>) => {
    folder = await mkdtemp(join(tmpdir(), 'catalogue-'));
    await mkdir(join(folder, 'acme/one'), { recursive: true });
    await mkdir(join(folder, 'formats/ignored'), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'acme/one', name), text);
    return pathToFileURL(`${folder}/`);
  };
  const profile = async (change: object) => {
    const text = await readFile(new URL('decentlab/dl-mbx/profile.json', import.meta.url), 'utf8');
    return JSON.stringify({ ...JSON.parse(text), id: 'acme/one', ...change });
  };
  const codec = 'export const codec = { decodeUplink: () => ({ records: [], warnings: [] }) };';

  it('finds what lies in the folder', async () => {
    const found = await loadCatalogue(await room({ 'profile.json': await profile({}), 'codec.ts': codec }));
    expect(found.list().map((entry) => entry.profile.id)).toEqual(['acme/one']);
  });

  it.each([
    ['exports nothing', 'export const other = 1;', /exports no `codec`/],
    ['does not parse', 'export const codec = {', /does not load/],
    ['throws while loading', "throw new Error('boom');", /boom/],
  ])('turns a codec that %s into a coded error of its frames', async (_, text, detail) => {
    const found = await loadCatalogue(await room({ 'profile.json': await profile({}), 'codec.ts': text }));
    const entry = found.get('acme/one');
    if (!entry) throw new Error('not found');
    const frame = { fPort: 1, bytes: new Uint8Array(), receivedAt: Date.UTC(2026, 2, 2), parameters: {} };
    expect(decodeFrame(entry, frame)).toEqual({
      errors: [{ code: 'HUB_CODEC_FAILED', detail: expect.stringMatching(detail) }],
    });
  });

  it.each([
    ['a missing codec', async () => ({ 'profile.json': await profile({}) }), /codec.ts is missing/],
    [
      'an id of another folder',
      async () => ({ 'profile.json': await profile({ id: 'acme/two' }), 'codec.ts': codec }),
      /acme\/two/,
    ],
    ['broken JSON', async () => ({ 'profile.json': '{', 'codec.ts': codec }), /no JSON|not JSON/],
    [
      'a unit of another kind',
      async () => ({
        'profile.json': await profile({ fields: { x: { role: 'observation', property: 'distance', unit: 'V' } } }),
        'codec.ts': codec,
      }),
      /does not convert/,
    ],
    [
      'a property that does not exist',
      async () => ({
        'profile.json': await profile({ fields: { x: { role: 'observation', property: 'luck', unit: '1' } } }),
        'codec.ts': codec,
      }),
      /no observed property/,
    ],
  ] as const)('names %s', async (_, files, message) => {
    const failure = await loadCatalogue(await room(await files())).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'HUB_CONFIG_INVALID' });
    expect(JSON.stringify((failure as { faults: unknown }).faults)).toMatch(message);
  });
});
