import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { type Dialect, dialects } from '../devices/sandbox/dialects.ts';
import { Sandbox, type ScriptAnswer } from '../devices/sandbox/sandbox.ts';
import { asHubError, HubError } from '../model/errors.ts';
import { parametersSchema } from '../model/registry.ts';
import { registerStored } from './codec-store.ts';
import { invalid, parseHex, parseJsonOption, parseReceivedAt } from './frame-request.ts';
import { answerLines, failure } from './ndjson.ts';
import { formatJson } from './table.ts';
import { type WithHub, withHub } from './with-hub.ts';

const dialectChoices = ['auto', ...dialects] as const;

const requestSchema = z.strictObject({
  file: z.string().min(1),
  dialect: z.enum(dialectChoices).default('auto'),
  fPort: z.number().int().min(0).max(255).nullish(),
  hex: z.string(),
  variables: parametersSchema.nullish(),
  receivedAt: z.string().nullish(),
});

type Request = z.infer<typeof requestSchema>;

/** Open sandboxes by file and dialect: a batch runs the same script again and again. */
type Sandboxes = Map<string, Promise<Sandbox>>;

/** Exit codes: 0 decoded, 1 the script failed or refused the frame, 2 usage. A batch ends with 0. */
export const register = (program: Command, hub: WithHub = withHub): void => {
  const codec = program
    .command('codec')
    .description('Codec scripts of other systems: try them in the sandbox, upload and activate them');
  registerStored(codec, hub);
  codec
    .command('run')
    .description('Decode a frame with a JavaScript codec and print what it answers: {data,warnings} or {errors}')
    .option('--file <script>', 'JavaScript file with decodeUplink, Decode or Decoder')
    .option('--dialect <dialect>', `how the script is called: ${dialectChoices.join(', ')}`, 'auto')
    .option('--f-port <number>', 'LoRaWAN fPort (default: 1)')
    .option('--hex <bytes>', 'payload as hexadecimal digits; spaces are ignored')
    .option('--variables <json>', 'device variables that the script may read, e.g. {"depthMm":900}')
    .option('--received-at <time>', 'time of reception, RFC 3339 (default: now); the only clock that the script sees')
    .option('--batch', 'read NDJSON {file,dialect?,fPort,hex,variables?,receivedAt?} and write one result a line')
    .action(async (options: Record<string, string | boolean | undefined>, command: Command) => {
      const sandboxes: Sandboxes = new Map();
      if (options.batch === true) {
        await answerLines(process.stdin, process.stdout, (request) => answerRequest(request, sandboxes));
      } else {
        const answer = await answerRequest(requestOf(options, command), sandboxes);
        process.stdout.write(formatJson(answer));
        if ('errors' in answer) process.exitCode = 1;
      }
      for (const sandbox of sandboxes.values()) (await sandbox.catch(() => undefined))?.close();
    });
};

const requestOf = ({ batch: _, variables, fPort, ...rest }: Record<string, unknown>, command: Command): unknown => {
  const refuse = (message: string): never => command.error(`error: ${message}`, { exitCode: 2 });
  if (typeof rest.file !== 'string') refuse('name the script: --file decoder.js');
  if (typeof rest.hex !== 'string') refuse('give the payload: --hex 01755C03670101');
  const request = requestSchema.safeParse({
    ...rest,
    ...(fPort !== undefined && { fPort: Number(fPort) }),
    ...(typeof variables === 'string' && {
      variables: parseJsonOption(variables, { name: '--variables', example: '{"depthMm":900}', refuse }),
    }),
  });
  if (!request.success) refuse(z.prettifyError(request.error));
  return request.data;
};

type Answer =
  | { readonly data: unknown; readonly warnings: readonly string[] }
  | { readonly errors: readonly unknown[] };

const answerRequest = async (request: unknown, sandboxes: Sandboxes): Promise<Answer> => {
  const parsed = requestSchema.safeParse(request);
  if (!parsed.success) return failure(invalid(z.prettifyError(parsed.error)));
  try {
    const sandbox = await sandboxOf(parsed.data, sandboxes);
    if (sandbox.isBroken) await sandbox.reopen();
    return present(sandbox.call(callOf(parsed.data)));
  } catch (thrown) {
    return failure(asHubError(thrown, 'HUB_CODEC_FAILED'));
  }
};

const sandboxOf = ({ file, dialect }: Request, sandboxes: Sandboxes): Promise<Sandbox> => {
  const key = `${dialect} ${file}`;
  let sandbox = sandboxes.get(key);
  if (!sandbox) {
    sandbox = openFile(file, dialect);
    sandboxes.set(key, sandbox);
  }
  return sandbox;
};

const openFile = async (file: string, dialect: Dialect | 'auto'): Promise<Sandbox> => {
  let script: string;
  try {
    script = await readFile(file, 'utf8');
  } catch (cause) {
    throw new HubError('HUB_REQUEST_INVALID', `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  return Sandbox.open(script, dialect);
};

const callOf = ({ hex, fPort, variables, receivedAt }: Request) =>
  ({
    direction: 'decode',
    fPort: fPort ?? 1,
    bytes: parseHex(hex),
    recvTime: parseReceivedAt(receivedAt, Date.now),
    variables: variables ?? {},
  }) as const;

/** The script's own errors are its verdict on the frame. */
const present = ({ data, errors, warnings }: ScriptAnswer): Answer => {
  if (Array.isArray(errors) && errors.length > 0) {
    return { errors: errors.map((detail) => ({ code: 'HUB_CODEC_PAYLOAD', detail: String(detail) })) };
  }
  return { data, warnings: Array.isArray(warnings) ? warnings.map(String) : [] };
};
