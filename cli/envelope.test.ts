import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Command, CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import chirpstack from '../ingest/networks/fixtures/chirpstack-v4.json' with { type: 'json' };
import generic from '../ingest/networks/fixtures/generic.json' with { type: 'json' };
import theThingsStack from '../ingest/networks/fixtures/the-things-stack-v3.json' with { type: 'json' };
import { genericExample } from '../ingest/networks/testing.ts';
import { captureOutput } from '../test/support/captured-output.ts';
import { register } from './envelope.ts';

const output = captureOutput();

const run = async (input: string, ...args: string[]): Promise<void> => {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  register(program, undefined, Readable.from([Buffer.from(input)]));
  await program.parseAsync(['envelope', ...args], { from: 'user' });
};

describe('envelope', () => {
  it('prints the event with hexadecimal payload and readable times', async () => {
    await run(JSON.stringify(chirpstack.up), '--network-kind', 'chirpstack-v4');
    expect(JSON.parse(output.out)).toMatchObject({
      kind: 'uplink',
      devEui: '24e124710b000001',
      payloadHex: '01755c0367010104824408050001',
      receivedAt: '2026-03-02T07:15:31.775Z',
      receptions: [{ time: '2026-03-02T07:15:31.700Z' }],
    });
    expect(process.exitCode).toBeUndefined();
  });

  it('prints why it ignores a message', async () => {
    await run(JSON.stringify({ ...chirpstack.up, data: '' }), '--network-kind', 'chirpstack-v4');
    expect(JSON.parse(output.out)).toMatchObject({ kind: 'ignored', reason: expect.any(String) });
  });

  it('prints the code of what it cannot parse and exits 1', async () => {
    await run('AA==', '--network-kind', 'the-things-stack-v3', '--topic', 'v3/a/devices/b/up');
    expect(JSON.parse(output.out)).toEqual({ errors: [{ code: 'HUB_ENVELOPE_NOT_JSON', detail: expect.any(String) }] });
    expect(process.exitCode).toBe(1);
  });

  it('exits 2 without a known kind', async () => {
    for (const args of [[], ['--network-kind', 'sigfox'], ['--network-kind', 'generic']]) {
      const thrown: unknown = await run('{}', ...args).catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(CommanderError);
      expect(thrown).toMatchObject({ exitCode: 2 });
    }
  });

  it('reads any network server by the paths of a file', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'plietsch-')), 'paths.yaml');
    writeFileSync(file, JSON.stringify(genericExample));
    await run(JSON.stringify(generic.up), '--network-kind', 'generic', '--config', file);
    expect(JSON.parse(output.out)).toMatchObject({ kind: 'uplink', fPort: 85, receivedAt: '2026-03-02T07:15:31.078Z' });
    for (const text of ['devEui: device.eui', '[', 'a: &a [*a]']) {
      writeFileSync(file, text);
      const args = ['--network-kind', 'generic', '--config', file];
      expect(await run('{}', ...args).catch((error: unknown) => error)).toMatchObject({ exitCode: 2 });
    }
    const missing = run('{}', '--network-kind', 'generic', '--config', `${file}.none`);
    await expect(missing).rejects.toMatchObject({ exitCode: 2 });
  });

  it('answers every line of a batch', async () => {
    const body = JSON.stringify(theThingsStack.join);
    const lines = [
      JSON.stringify({ networkKind: 'chirpstack-v4', topic: '?event=status', body: chirpstack.status }),
      JSON.stringify({ networkKind: 'the-things-stack-v3', body }),
      JSON.stringify({ networkKind: 'the-things-stack-v3', bodyBase64: Buffer.from(body).toString('base64') }),
      JSON.stringify({ networkKind: 'chirpstack-v4', body: [] }),
      JSON.stringify({ networkKind: 'sigfox', body: {} }),
      JSON.stringify({ networkKind: 'chirpstack-v4' }),
      JSON.stringify({ networkKind: 'chirpstack-v4', bodyBase64: 'not base64!' }),
      'no JSON',
      '',
    ];
    await run(lines.join('\n'), '--batch');
    const answers = output.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map((answer) => answer.kind ?? answer.errors[0].code)).toEqual([
      'status',
      'join',
      'join',
      'HUB_ENVELOPE_INVALID',
      'HUB_NETWORK_UNKNOWN',
      'HUB_REQUEST_INVALID',
      'HUB_REQUEST_INVALID',
      'HUB_REQUEST_INVALID',
    ]);
  });
});
