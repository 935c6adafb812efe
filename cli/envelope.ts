import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Command, CommanderError } from 'commander';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { adapterOf, GENERIC_KIND, networkKinds } from '../ingest/networks/adapters.ts';
import { type GenericConfig, genericConfigSchema } from '../ingest/networks/generic-config.ts';
import { asHubError, HubError } from '../model/errors.ts';
import { formatTime } from '../model/time.ts';
import type { Ignored, NetworkEvent, Writing } from '../model/uplink.ts';
import { answerLines, failure } from './ndjson.ts';
import { formatJson } from './table.ts';

interface EnvelopeOptions {
  readonly networkKind?: string;
  readonly topic?: string;
  readonly batch?: boolean;
  readonly config?: string;
}

interface Message {
  readonly networkKind: string;
  readonly topic?: string | undefined;
  readonly body: Uint8Array;
}

const kinds = networkKinds.join(', ');

/** Exit codes: 0 parsed (of a batch: every line answered), 1 not parsable, 2 wrong usage. */
export const register = (program: Command, _hub?: unknown, input: Readable = process.stdin): void => {
  program
    .command('envelope')
    .description(
      'Parse the message of a network server from standard input and print, as JSON, what the hub makes of it',
    )
    .option('--network-kind <kind>', `kind of network server: ${kinds}`)
    .option(
      '--topic <topic>',
      'MQTT topic, or query of the webhook as ?event=up; without it the shape of the body tells',
    )
    .option('--config <file>', `for the kind ${GENERIC_KIND}: YAML or JSON file with the members of networks[].generic`)
    .option('--batch', 'read lines {"networkKind","topic"?,"body"|"bodyBase64"} and print one line for each')
    .option('--json', 'accepted for symmetry: the output is always JSON')
    .action(async ({ networkKind, topic, batch, config }: EnvelopeOptions, command: Command) => {
      const generic = config === undefined ? undefined : readGeneric(config, command);
      if (batch)
        return answerLines(input, process.stdout, (line) => answerOf(() => parseMessage(readLine(line), generic)));
      if (networkKind === undefined || !networkKinds.includes(networkKind)) {
        return command.error(`error: --network-kind takes one of ${kinds}`, { exitCode: 2 });
      }
      if (networkKind === GENERIC_KIND && !generic) {
        return command.error(`error: the kind ${GENERIC_KIND} needs --config`, { exitCode: 2 });
      }
      const body = await buffer(input);
      const answer = answerOf(() => parseMessage({ networkKind, topic, body }, generic));
      if ('errors' in answer) process.exitCode = 1;
      process.stdout.write(formatJson(answer));
    });
};

const readGeneric = (file: string, command: Command): GenericConfig => {
  try {
    const parsed = genericConfigSchema.safeParse(parseYaml(readFileSync(file, 'utf8')));
    return parsed.success
      ? parsed.data
      : command.error(`error: ${file}: ${z.prettifyError(parsed.error)}`, { exitCode: 2 });
  } catch (thrown) {
    if (thrown instanceof CommanderError) throw thrown;
    return command.error(`error: ${file}: ${asHubError(thrown).message}`, { exitCode: 2 });
  }
};

const lineSchema = z.object({
  networkKind: z.string(),
  topic: z.string().nullish(),
  body: z.union([z.string(), z.looseObject({}), z.array(z.unknown())]).optional(),
  bodyBase64: z.base64().optional(),
});

const readLine = (value: unknown): Message => {
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) throw new HubError('HUB_REQUEST_INVALID', z.prettifyError(parsed.error));
  const { networkKind, topic, bodyBase64 } = parsed.data;
  if (bodyBase64 !== undefined)
    return { networkKind, topic: topic ?? undefined, body: Buffer.from(bodyBase64, 'base64') };
  // The line's own value, not zod's copy: keys such as __proto__ are to reach the adapter
  const { body } = value as { body?: unknown };
  if (body === undefined) throw new HubError('HUB_REQUEST_INVALID', 'The line has neither body nor bodyBase64');
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { networkKind, topic: topic ?? undefined, body: Buffer.from(text) };
};

const parseMessage = (
  { networkKind, topic, body }: Message,
  generic: GenericConfig | undefined,
): NetworkEvent | Writing | Ignored => {
  const adapter = adapterOf({ kind: networkKind, generic });
  if (!adapter) {
    const detail = networkKind === GENERIC_KIND ? 'needs --config' : `is not known; known: ${kinds}`;
    throw new HubError('HUB_NETWORK_UNKNOWN', `The kind of network server "${networkKind}" ${detail}`);
  }
  return adapter.parse(topic, body, Date.now());
};

const answerOf = (run: () => NetworkEvent | Writing | Ignored): object => {
  try {
    return printable(run());
  } catch (thrown) {
    return failure(asHubError(thrown, 'HUB_ENVELOPE_INVALID'));
  }
};

/** Times as RFC 3339, the payload as hexadecimal digits. */
const printable = (event: NetworkEvent | Writing | Ignored): object => {
  const { receivedAt, ...rest } = event;
  const times = receivedAt === undefined ? {} : { receivedAt: formatTime(receivedAt) };
  if (rest.kind !== 'uplink') return { ...rest, ...times };
  const { bytes, receptions, decoded, ...uplink } = rest;
  return {
    ...uplink,
    ...times,
    payloadHex: Buffer.from(bytes).toString('hex'),
    receptions: receptions.map(({ time, ...hearing }) => ({
      ...hearing,
      ...(time !== undefined && { time: formatTime(time) }),
    })),
    ...(decoded && { decoded }),
  };
};
