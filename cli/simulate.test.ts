import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseRegion } from '../model/region.ts';
import { captureOutput } from '../test/support/captured-output.ts';
import { newFolder } from '../test/support/hub-process.ts';
import { register } from './simulate.ts';

const output = captureOutput();
let folder = '';
beforeEach(() => {
  folder = newFolder('simulate');
});

const run = async (...args: string[]): Promise<void> => {
  const program = new Command();
  register(program);
  for (const command of program.commands) command.exitOverride();
  await program.parseAsync(['simulate', ...args], { from: 'user' });
};

const linesOf = async (...path: string[]): Promise<Record<string, unknown>[]> => {
  const text = await readFile(join(folder, ...path), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe('simulate', () => {
  it('writes messages and their truth, the same for the same seed', async () => {
    const common = ['--days', '0.25', '--start', '2026-03-03T06:00:00Z', '--json'];
    await run(...common, '--seed', '5', '--out', join(folder, 'a'));
    const { messages } = JSON.parse(output.out) as { messages: number };
    await run(...common, '--seed', '5', '--out', join(folder, 'b'));
    await run(...common, '--seed', '6', '--out', join(folder, 'c'));
    const texts = await Promise.all(
      ['a', 'b', 'c'].map((name) => readFile(join(folder, name, 'messages.ndjson'), 'utf8')),
    );
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).not.toBe(texts[2]);

    const written = await linesOf('a', 'messages.ndjson');
    expect(written).toHaveLength(messages);
    expect(written[0]).toMatchObject({
      network: expect.any(String),
      networkKind: expect.any(String),
      topic: expect.any(String),
    });
    expect(new Set(written.map(({ networkKind }) => networkKind))).toEqual(
      new Set(['chirpstack-v4', 'the-things-stack-v3']),
    );
    for (const { at } of written)
      expect(String(at) >= '2026-03-03T06:00:00.000Z' && String(at) < '2026-03-03T12:00:00.000Z').toBe(true);

    expect(parseRegion(await readFile(join(folder, 'a', 'region.yaml'), 'utf8')).length).toBeGreaterThan(400);
    expect((await readdir(join(folder, 'a', 'truth'))).toSorted()).toEqual([
      'air.ndjson',
      'emptyings.ndjson',
      'fill.ndjson',
      'meter-faults.ndjson',
      'meters.ndjson',
      'stays.ndjson',
      'storms.ndjson',
      'traffic.ndjson',
      'water-levels.ndjson',
      'weather.ndjson',
    ]);
    expect(await linesOf('a', 'truth', 'water-levels.ndjson')).toHaveLength(8 * 36);
    expect(await linesOf('a', 'truth', 'traffic.ndjson')).toHaveLength(12 * 24);
    expect(await linesOf('a', 'truth', 'meters.ndjson')).toHaveLength(16 * 6);
    expect(await linesOf('a', 'truth', 'air.ndjson')).toHaveLength(8 * 24);
    expect(await linesOf('a', 'truth', 'meter-faults.ndjson')).toContainEqual({
      thing: 'sporthalle-heikendorf-waerme',
      kind: 'night_heating',
    });
    expect((await linesOf('a', 'truth', 'stays.ndjson')).length).toBeGreaterThan(20);
    expect((await linesOf('a', 'truth', 'emptyings.ndjson')).length).toBeGreaterThan(0);
  });

  it('says what it needs, exit code 2', async () => {
    await expect(run('--days', '1')).rejects.toMatchObject({ exitCode: 2 });
    await expect(run('--days', '-1', '--out', folder)).rejects.toThrow(/number above 0/);
    await expect(run('--start', 'yesterday', '--out', folder)).rejects.toThrow(/2026-03-02/);
    await run('--publish', 'mqtt://127.0.0.1:1', '--user', 'demo-tts=a:b');
    expect(process.exitCode).toBe(2);
    expect(output.err).toContain('--user demo-chirpstack');
  });
});
