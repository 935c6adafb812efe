import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCatalogue } from '../devices/catalogue.ts';
import { decodeFrame } from '../devices/decode.ts';
import { vectorsFileSchema } from '../devices/vectors-file.ts';
import { makeRoom } from './new-device.ts';

let path: string;
let folder: URL;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'new-device-'));
  folder = pathToFileURL(`${path}/`);
  // The blueprint's codec imports the shared readers as a room of devices/ does.
  await symlink(fileURLToPath(new URL('../devices/formats', import.meta.url)), join(path, 'formats'));
});
afterEach(() => rm(path, { recursive: true }));

describe('new:device', () => {
  it('makes a room that loads and decodes, but does not pass the check until it is filled in', async () => {
    const room = await makeRoom(folder, 'acme/level-1');
    const entry = (await loadCatalogue(folder)).get('acme-level-1');
    if (!entry) throw new Error('not found');
    const bytes = Uint8Array.fromHex('03e8ffce0ce4');
    expect(decodeFrame(entry, { fPort: 1, bytes, receivedAt: Date.UTC(2026, 2, 2), parameters: {} })).toMatchObject({
      records: [{ fields: { distance: 1000, temperature: -5, battery_voltage: 3.3 } }],
      warnings: [],
    });
    const vectors: unknown = JSON.parse(await readFile(new URL('vectors.json', room), 'utf8'));
    expect(vectorsFileSchema.safeParse(vectors).success).toBe(false);
    expect(JSON.stringify(entry.profile)).toContain('TODO');
  });

  it('does not write over a room', async () => {
    await makeRoom(folder, 'acme/level-1');
    await expect(makeRoom(folder, 'acme/level-1')).rejects.toThrow('is there already');
  });

  it.each(['acme', 'Acme/One', '../acme/one', 'acme/one/two', 'acme/one_two'])('refuses the name %s', async (id) => {
    await expect(makeRoom(folder, id)).rejects.toThrow('no vendor/model');
  });
});
