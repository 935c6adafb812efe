import type { Command } from 'commander';
import { loadCatalogue } from '../devices/catalogue.ts';
import { guessProfiles, type UnknownFrame } from '../devices/guess.ts';
import { asHubError } from '../model/errors.ts';
import { parseRfc3339 } from '../model/time.ts';
import { parseHex } from './frame-request.ts';
import { formatJson, formatTable } from './table.ts';

interface GuessOptions {
  readonly hex: readonly string[];
  readonly fPort?: readonly string[];
  readonly receivedAt?: string;
  readonly limit: string;
  readonly json?: boolean;
}

/** Exit codes: 0 some profile decodes a frame, 1 none does, 2 usage. */
export const registerGuess = (profiles: Command): void => {
  profiles
    .command('guess')
    .description('Rank the models that frames of an unknown device may come from')
    .requiredOption('--hex <bytes...>', 'payloads as hexadecimal digits; the more, the surer')
    .option('--f-port <number...>', 'fPort of each payload, or one for all')
    .option('--received-at <time>', 'time of reception, RFC 3339 (default: now)')
    .option('--limit <number>', 'how many to name', '5')
    .option('--json', 'print them as JSON')
    .action(async (options: GuessOptions, command: Command) => {
      const refuse = (message: string): never => command.error(`error: ${message}`, { exitCode: 2 });
      const receivedAt = options.receivedAt === undefined ? Date.now() : parseRfc3339(options.receivedAt);
      if (receivedAt === undefined) return refuse('--received-at is no time; write 2026-03-02T07:15:31Z');
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1) return refuse('--limit is a whole number from 1');
      const frames = framesOf(options, refuse);
      const guesses = guessProfiles(await loadCatalogue(), frames, { receivedAt, limit });
      if (guesses.length === 0) process.exitCode = 1;
      process.stdout.write(options.json ? formatJson(guesses) : guessText(guesses, frames.length));
    });
};

const framesOf = ({ hex, fPort = [] }: GuessOptions, refuse: (message: string) => never): UnknownFrame[] => {
  if (fPort.length > 1 && fPort.length !== hex.length) refuse('give one --f-port for all payloads, or one for each');
  return hex.map((text, index) => {
    const port = fPort[fPort.length > 1 ? index : 0];
    if (port !== undefined && !/^\d{1,3}$/.test(port)) refuse(`--f-port "${port}" is no port`);
    return { bytes: bytesOf(text, refuse), ...(port !== undefined && { fPort: Number(port) }) };
  });
};

const bytesOf = (hex: string, refuse: (message: string) => never): Uint8Array => {
  try {
    return parseHex(hex);
  } catch (thrown) {
    return refuse(`--hex "${hex}": ${asHubError(thrown).message}`);
  }
};

const guessText = (guesses: ReturnType<typeof guessProfiles>, frames: number): string => {
  if (guesses.length === 0) return 'No profile of the catalogue decodes these frames\n';
  return formatTable(
    ['profile', 'score', 'frames', 'plausible values'],
    guesses.map(({ profile, score, decoded, plausibleValues, implausibleValues }) => [
      profile,
      score.toFixed(1),
      `${decoded} of ${frames}`,
      `${plausibleValues} of ${plausibleValues + implausibleValues}`,
    ]),
  );
};
