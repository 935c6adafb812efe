import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../catalogue.ts';
import { Sandbox } from '../sandbox/sandbox.ts';
import { vectorsFileSchema } from '../vectors-file.ts';
import { exportTs013 } from './export.ts';

const catalogue = await loadCatalogue();
const RECEIVED_AT = Date.UTC(2026, 2, 2, 12);

/** As in an engine that knows nothing younger than ES2020. */
const OLD_ENGINE = `delete Object.hasOwn; delete Array.prototype.at; delete Array.prototype.toSorted;
delete Array.prototype.toReversed; delete Array.prototype.findLast; delete String.prototype.at;
delete String.prototype.replaceAll; delete Uint8Array.prototype.toHex; delete Uint8Array.fromHex;
delete Object.getPrototypeOf(Uint8Array.prototype).at;
delete Object.getPrototypeOf(Uint8Array.prototype).toReversed; delete Object.getPrototypeOf(Uint8Array.prototype).toSorted;
delete Object.getPrototypeOf(Uint8Array.prototype).findLast; delete globalThis.TextDecoder; delete globalThis.TextEncoder;
`;

const limits = { timeMs: 200, memoryBytes: 16 * 1024 * 1024, outputBytes: 256 * 1024, scriptBytes: 2 * 1024 * 1024 };

describe('an exported codec', () => {
  it.each(catalogue.list().map((entry) => [entry.profile.id, entry] as const))(
    'of %s decodes its vectors in a network server as it does here',
    async (id, entry) => {
      const script = await exportTs013(entry);
      expect(script).not.toMatch(/\bimport\b.*from|\brequire\(|node:/);
      const file = vectorsFileSchema.parse(
        JSON.parse(await readFile(new URL(`../${id}/vectors.json`, import.meta.url), 'utf8')),
      );
      const sandbox = await Sandbox.open(OLD_ENGINE + script, 'chirpstack-v4', limits);
      try {
        for (const { fPort, hex, records, receivedAt, parameters = {}, errors } of file.vectors) {
          // Times that cannot be true are the hub's to judge, not the codec's.
          if (errors?.some(({ code }) => code === 'HUB_ENVELOPE_TIME')) continue;
          const recvTime = receivedAt === undefined ? RECEIVED_AT : Date.parse(receivedAt);
          const bytes = Uint8Array.fromHex(hex);
          const answer = sandbox.call({ direction: 'decode', fPort, bytes, recvTime, variables: parameters });
          if (errors) expect(answer.errors, hex).not.toHaveLength(0);
          else expect(answer.data, hex).toEqual(flat(records ?? []));
        }
      } finally {
        sandbox.close();
      }
    },
    20_000,
  );

  it('encodes downlinks where the model takes some', async () => {
    const entry = catalogue.get('decentlab/dl-mbx');
    if (!entry) throw new Error('not found');
    const sandbox = await Sandbox.open(OLD_ENGINE + (await exportTs013(entry)), 'chirpstack-v4', limits);
    const call = { direction: 'encode', fPort: 1, recvTime: RECEIVED_AT, variables: {} } as const;
    const data = { command: 'set period + save', parameter: 3600 };
    expect(sandbox.call({ ...call, data })).toMatchObject({ fPort: 1, bytes: [0, 2, 14, 16, 72, 164] });
    expect(sandbox.call({ ...call, data: { command: 'make coffee' } })).toMatchObject({
      errors: [expect.stringMatching(/No command "make coffee"/)],
    });
    sandbox.close();
  });

  it('carries its examples and its licence', async () => {
    const entry = catalogue.get('milesight/em400-tld');
    if (!entry) throw new Error('not found');
    const script = await exportTs013(entry);
    expect(script).toContain('SPDX-License-Identifier: EUPL-1.2');
    expect(script).toMatch(/var examples = \[/);
    expect(script).not.toContain(process.cwd());
  });
});

interface Records {
  readonly time?: string | undefined;
  readonly fields: object;
}

const flat = (records: readonly Records[]): object => {
  const data: Record<string, unknown> = {};
  const timed: object[] = [];
  for (const { time, fields } of records) {
    if (time === undefined) Object.assign(data, fields);
    else timed.push({ time: expect.stringContaining(time.slice(0, 19)), ...fields });
  }
  return timed.length > 0 ? { ...data, records: timed } : data;
};
