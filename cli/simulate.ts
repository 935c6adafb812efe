import { type Command, InvalidArgumentError } from 'commander';
import { asHubError, HubError } from '../model/errors.ts';
import { DAY, type EpochMs, formatTime, parseRfc3339 } from '../model/time.ts';
import { demoRegion } from '../simulator/demo-region.ts';
import { loadEncoders } from '../simulator/encoders.ts';
import { exportSimulation } from '../simulator/export.ts';
import type { Credentials } from '../simulator/publisher.ts';
import type { DemoNetwork } from '../simulator/radio.ts';
import { type Progress, publishHistory, runLive } from '../simulator/run.ts';

interface Options {
  readonly days: number;
  readonly seed: number;
  readonly start?: EpochMs;
  readonly out?: string;
  readonly publish?: string;
  readonly user: Partial<Record<DemoNetwork, Credentials>>;
  readonly live?: boolean;
  readonly rate: number;
  readonly json?: boolean;
}

/** A Monday; fixed, so that a seed says everything. */
const DEFAULT_START: EpochMs = Date.UTC(2026, 2, 2);

/** Exit codes: 0 done, 1 the broker or the disk refused, 2 usage. */
export const register = (program: Command): void => {
  program
    .command('simulate')
    .description('Simulate the demo region: write messages and their truth to files, or publish them over MQTT')
    .option('--days <n>', 'length of the simulated span', positive, 14)
    .option('--seed <n>', 'the same seed gives the same bytes', whole, 1)
    .option(
      '--start <time>',
      'first instant, RFC 3339 (default: 2026-03-02T00:00:00Z; with --publish: so that the span ends now)',
      instant,
    )
    .option('--out <dir>', 'write region.yaml, messages.ndjson, summary.json and truth/*.ndjson there')
    .option('--publish <url>', 'publish to this MQTT broker instead, e.g. mqtt://localhost:1883')
    .option('--user <network=user:password>', 'log-in of demo-chirpstack or demo-tts, once each', login, {})
    .option('--live', 'after the span, go on publishing in real time until interrupted')
    .option('--rate <n>', 'messages per second at most', positive, 3_000)
    .option('--json', 'print the result as JSON')
    .action(async (options: Options, command: Command) => {
      if ((options.out === undefined) === (options.publish === undefined))
        command.error('give either --out DIR or --publish URL', { exitCode: 2 });
      try {
        const result = options.publish === undefined ? await write(options) : await publish(options, options.publish);
        process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${describe(result)}\n`);
      } catch (thrown) {
        process.exitCode = thrown instanceof HubError && thrown.code === 'HUB_REQUEST_INVALID' ? 2 : 1;
        const { code, message } = asHubError(thrown);
        process.stderr.write(`${code}: ${message}\n`);
      }
    });
};

const write = async ({ days, seed, start = DEFAULT_START, out = '.' }: Options): Promise<Record<string, unknown>> => {
  const options = {
    seed,
    from: start,
    region: demoRegion({ seed, deployedAt: start }),
    encoders: await loadEncoders(),
  };
  const { messages, counts } = await exportSimulation(options, { until: start + days * DAY, folder: out });
  return { folder: out, messages, ...counts };
};

const publish = async (options: Options, url: string): Promise<Record<string, unknown>> => {
  const { days, seed, user, live = false, rate, json } = options;
  const { 'demo-chirpstack': chirpstack, 'demo-tts': tts } = user;
  if (!chirpstack || !tts)
    throw new HubError(
      'HUB_REQUEST_INVALID',
      'give --user demo-chirpstack=USER:PASSWORD and --user demo-tts=USER:PASSWORD',
    );
  const from = options.start ?? Date.now() - days * DAY;
  const until = from + days * DAY;
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  process.once('SIGTERM', () => controller.abort());
  const run = {
    url,
    credentials: { 'demo-chirpstack': chirpstack, 'demo-tts': tts },
    seed,
    region: demoRegion({ seed }),
    encoders: await loadEncoders(),
    signal: controller.signal,
    onProgress: (progress: Progress) => {
      if (!json && process.stderr.isTTY)
        process.stderr.write(`\r${progress.phase} ${formatTime(progress.at)} ${progress.published} `);
    },
  };
  try {
    const { published, at } = await publishHistory({ ...run, from, until, ratePerSecond: rate });
    if (live) await runLive({ ...run, from: until });
    return { published, until: formatTime(at) };
  } catch (thrown) {
    if (controller.signal.aborted) return { stopped: true };
    throw thrown;
  }
};

const describe = (result: Record<string, unknown>): string =>
  Object.entries(result)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join('\n');

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value <= 100_000)) throw new InvalidArgumentError('a number above 0, at most 100000');
  return value;
};

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('a whole number');
  return value;
};

const instant = (text: string): EpochMs => {
  const time = parseRfc3339(text);
  if (time === undefined) throw new InvalidArgumentError('write a time as 2026-03-02T07:15:31Z');
  return time;
};

const login = (text: string, known: Options['user']): Options['user'] => {
  const parts = /^(demo-chirpstack|demo-tts)=([^:]+):(.+)$/.exec(text);
  const [, network, username = '', password = ''] = parts ?? [];
  if (network === undefined)
    throw new InvalidArgumentError('write demo-chirpstack=user:password or demo-tts=user:password');
  return { ...known, [network]: { username, password } };
};
