import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { beforeEach, describe, expect, it } from 'vitest';
import { captureOutput } from '../test/support/captured-output.ts';
import { newFolder } from '../test/support/hub-process.ts';
import { register } from './codec.ts';

const output = captureOutput();
let file = '';
beforeEach(() => {
  file = join(newFolder('codec'), 'decoder.js');
  writeFileSync(
    file,
    `function decodeUplink({ bytes, fPort, variables }) {
      if (bytes.length === 0) return { errors: ['empty'] };
      return { data: { sum: bytes[0] + bytes[1], fPort }, warnings: ['w'] };
    }`,
  );
});

const run = async (...args: string[]): Promise<Record<string, unknown>> => {
  const program = new Command().exitOverride();
  register(program);
  for (const command of program.commands[0]?.commands ?? []) command.exitOverride();
  await program.parseAsync(['codec', 'run', ...args], { from: 'user' });
  return JSON.parse(output.out) as Record<string, unknown>;
};

describe('codec run', () => {
  it('prints what the script answers', async () => {
    expect(await run('--file', file, '--hex', '01 02', '--f-port', '7')).toEqual({
      data: { sum: 3, fPort: 7 },
      warnings: ['w'],
    });
    expect(process.exitCode).toBeUndefined();
  });

  it.each([
    [['--hex', ''], 'HUB_CODEC_PAYLOAD', 'empty'],
    [['--hex', '012'], 'HUB_REQUEST_INVALID', /one is missing/],
    [['--hex', '01', '--received-at', 'today'], 'HUB_REQUEST_INVALID', /2026-03-02T07:15:31Z/],
  ])('%j is an answer with %s, exit code 1', async (args, code, detail) => {
    expect(await run('--file', file, ...args)).toEqual({ errors: [{ code, detail: expect.stringMatching(detail) }] });
    expect(process.exitCode).toBe(1);
  });

  it('knows wrong usage', async () => {
    const usage = { name: 'CommanderError', exitCode: 2 };
    await expect(run('--file', file)).rejects.toMatchObject(usage);
    await expect(run('--hex', '01')).rejects.toMatchObject(usage);
    await expect(run('--file', file, '--hex', '01', '--variables', '{')).rejects.toMatchObject(usage);
    await expect(run('--file', file, '--hex', '01', '--f-port', 'x')).rejects.toMatchObject(usage);
    expect(output.err).toContain('{"depthMm":900}');
  });
});
