import { Command } from 'commander';
import { expect, it } from 'vitest';
import { loadCatalogue } from '../devices/catalogue.ts';
import { captureOutput } from '../test/support/captured-output.ts';
import { listText, profileText, register } from './profiles.ts';

const profiles = (await loadCatalogue()).list().map(({ profile }) => profile);

it('lists one profile a line', () => {
  const lines = listText(profiles).trimEnd().split('\n');
  expect(lines).toHaveLength(profiles.length);
  expect(lines).toContainEqual(expect.stringMatching(/^vegapuls\/air +\d+\.\d+\.\d+ +VEGAPULS Air/));
});

it('shows what becomes of each field', () => {
  const profile = profiles.find(({ id }) => id === 'pmx/tcr');
  if (!profile) throw new Error('no TCR');
  const text = profileText(profile);
  expect(text).toContain('utcOffsetMinutes (min)');
  expect(text).toMatch(/cat1_rtl_count +→ vehicle_count\.cat1-rtl \(sent in \{count\}\)/);
  expect(text).toMatch(/supply_voltage +→ battery_voltage \(sent in V, device health\)/);
});

const output = captureOutput();
const run = async (...args: string[]): Promise<void> => {
  const program = new Command().exitOverride();
  register(program);
  for (const command of program.commands[0]?.commands ?? []) command.exitOverride();
  await program.parseAsync(['profiles', ...args], { from: 'user' });
};

it('guesses whose frames they are, and says when nobody could have sent them', async () => {
  await run('guess', '--hex', '01755C0367010104824408050001', '--f-port', '85', '--json');
  const guesses = JSON.parse(output.out) as { profile: string }[];
  expect(guesses.map(({ profile }) => profile)).toContain('milesight/em400-tld');
  expect(process.exitCode).toBeUndefined();
  const usage = { name: 'CommanderError', exitCode: 2 };
  await expect(run('guess', '--hex', '0x')).rejects.toMatchObject(usage);
  await expect(run('guess', '--hex', '00', '--received-at', 'today')).rejects.toMatchObject(usage);
  await expect(run('guess', '--hex', '00', '--f-port', '1', '2')).rejects.toMatchObject(usage);
  expect(output.err).toContain('"x" at digit 2');
});

it('exports no profile that it does not know, and in no format that it does not', async () => {
  await expect(run('export', '--profile', 'nobody/nothing')).rejects.toMatchObject({
    code: 'HUB_CODEC_UNKNOWN_PROFILE',
  });
  await expect(run('export', '--profile', 'pmx/tcr', '--format', 'x')).rejects.toMatchObject({ exitCode: 2 });
});
