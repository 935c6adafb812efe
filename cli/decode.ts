import type { Readable, Writable } from 'node:stream';
import type { Command } from 'commander';
import { type Catalogue, type CatalogueEntry, loadCatalogue } from '../devices/catalogue.ts';
import type { Parameters } from '../devices/codec.ts';
import { type DecodedFrame, type DecodeFailure, decodeFrame } from '../devices/decode.ts';
import { judge } from '../ingest/steps/qualify.ts';
import { asHubError, HubError } from '../model/errors.ts';
import { observedProperties } from '../model/observed-properties.ts';
import { parametersSchema } from '../model/registry.ts';
import { type EpochMs, formatTime, parseRfc3339 } from '../model/time.ts';
import { invalid, parseHex, parseJsonOption, parseReceivedAt } from './frame-request.ts';
import { answerLines, failure } from './ndjson.ts';
import { formatJson } from './table.ts';

interface DecodeOptions {
  readonly profile?: string;
  readonly fPort?: string;
  readonly hex?: string;
  readonly parameters?: string;
  readonly receivedAt?: string;
  readonly batch?: boolean;
}

/** Exit codes: 0 decoded, 1 not decodable, 2 usage. A batch ends with 0: each line carries its own outcome. */
export const register = (program: Command): void => {
  program
    .command('decode')
    .description("Decode a device's frame into fields and observations")
    .option('--profile <id>', 'device profile, vendor/model or vendor-model; see `profiles list`')
    .option('--f-port <number>', "LoRaWAN fPort; without it each of the profile's ports is tried")
    .option('--hex <bytes>', 'payload as hexadecimal digits; spaces are ignored')
    .option('--parameters <json>', 'device and mounting parameters, e.g. {"sensorHeightM":5.35}')
    .option('--received-at <time>', 'time of reception, RFC 3339 (default: now)')
    .option(
      '--batch',
      'read NDJSON {profile,fPort,hex,parameters?,receivedAt?,device?} from standard input, write one result a line',
    )
    .action(async (options: DecodeOptions, command: Command) => {
      const catalogue = await loadCatalogue();
      if (options.batch) return decodeBatch(process.stdin, process.stdout, { catalogue, now: Date.now });
      const request = requestOf(options, (message) => command.error(`error: ${message}`, { exitCode: 2 }));
      const result = decodeRequest(request, { catalogue, now: Date.now });
      process.stdout.write(formatJson(result));
      if ('errors' in result) process.exitCode = 1;
    });
};

/** What the command line says, as the same object that a line of a batch is. */
const requestOf = (options: DecodeOptions, refuse: (message: string) => never): Record<string, unknown> => {
  const { profile, fPort, hex, parameters, receivedAt } = options;
  if (profile === undefined) refuse('name the device profile: --profile milesight/em400-tld');
  if (hex === undefined) refuse('give the payload: --hex 01755C03670101');
  if (fPort !== undefined && !/^\d{1,3}$/.test(fPort))
    refuse(`--f-port "${fPort}" is no port; write a number from 1 to 223`);
  if (receivedAt !== undefined && parseRfc3339(receivedAt) === undefined) {
    refuse(`--received-at "${receivedAt}" is no time; write 2026-03-02T07:15:31Z`);
  }
  return {
    profile,
    hex,
    ...(fPort !== undefined && { fPort: Number(fPort) }),
    ...(receivedAt !== undefined && { receivedAt }),
    ...(parameters !== undefined && {
      parameters: parseJsonOption(parameters, { name: '--parameters', example: '{"sensorHeightM":5.35}', refuse }),
    }),
  };
};

export interface DecodeContext {
  readonly catalogue: Catalogue;
  readonly now: () => EpochMs;
  /** Codec state from line to line, by device. */
  readonly states?: Map<string, unknown>;
}

/** One NDJSON line in, one out, in order; a bad line is answered with `errors` and the rest goes on. */
export const decodeBatch = async (input: Readable, output: Writable, context: DecodeContext): Promise<void> => {
  const states = new Map<string, unknown>();
  await answerLines(input, output, (request) => decodeRequest(request, { ...context, states }));
};

export interface Decoded {
  readonly records: readonly { readonly time?: string; readonly fields: Readonly<Record<string, unknown>> }[];
  readonly observations: readonly {
    readonly property: string;
    readonly channel?: string;
    readonly value: number | null;
    readonly unit: string;
    readonly time: string;
    readonly record: number;
    /** QARTOD flag of the tests that need no neighbours. */
    readonly flag: number;
  }[];
  readonly warnings: readonly string[];
}

/** Decodes one request; whatever is wrong with it comes back as coded errors. */
export const decodeRequest = (request: unknown, context: DecodeContext): Decoded | DecodeFailure => {
  try {
    const { entry, ports, ...input } = parseRequest(request, context);
    const key = input.device === undefined ? undefined : `${entry.profile.id} ${input.device}`;
    const state = key === undefined ? undefined : context.states?.get(key);
    const attempts = ports.map(
      (fPort) => () => decodeFrame(entry, { ...input, fPort, ...(state !== undefined && { state }) }),
    );
    const result = firstSuccess(attempts);
    if ('errors' in result) return result;
    if (key !== undefined && result.state !== undefined) context.states?.set(key, result.state);
    return present(result, input.receivedAt);
  } catch (thrown) {
    return failure(asHubError(thrown, 'HUB_REQUEST_INVALID'));
  }
};

/** The first attempt that decodes, else what the first one said. */
const firstSuccess = (attempts: readonly (() => DecodedFrame | DecodeFailure)[]): DecodedFrame | DecodeFailure => {
  let first: DecodeFailure | undefined;
  for (const attempt of attempts) {
    const result = attempt();
    if (!('errors' in result)) return result;
    first ??= result;
  }
  return first ?? failure(new HubError('HUB_CODEC_UNKNOWN_PORT'));
};

interface ParsedRequest {
  readonly entry: CatalogueEntry;
  readonly ports: readonly number[];
  readonly bytes: Uint8Array;
  readonly parameters: Parameters;
  readonly receivedAt: EpochMs;
  readonly device?: string;
}

const parseRequest = (request: unknown, { catalogue, now }: DecodeContext): ParsedRequest => {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) {
    throw invalid('a request is an object: {"profile":"milesight/em400-tld","fPort":85,"hex":"01755C"}');
  }
  const { profile, fPort, hex, parameters = {}, receivedAt, device } = request as Record<string, unknown>;
  const entry = typeof profile === 'string' ? catalogue.get(profile) : undefined;
  if (!entry) throw unknownProfile(profile, catalogue);
  const given = parametersSchema.safeParse(parameters ?? {});
  if (!given.success) throw invalid('parameters is an object of numbers, texts and truths: {"sensorHeightM":5.35}');
  if (device !== undefined && device !== null && typeof device !== 'string')
    throw invalid('device is a text, e.g. the DevEUI');
  return {
    entry,
    ports: portsOf(fPort, entry),
    bytes: parseHex(hex),
    parameters: given.data,
    receivedAt: parseReceivedAt(receivedAt, now),
    ...(typeof device === 'string' && { device }),
  };
};

const unknownProfile = (profile: unknown, catalogue: Catalogue): HubError => {
  const wanted = typeof profile === 'string' ? profile : '';
  const known = catalogue.list().map((entry) => entry.profile.id);
  const similar = known.toSorted((a, b) => sharedStart(b, wanted) - sharedStart(a, wanted));
  const named = wanted === '' ? 'No device profile is named' : `No device profile "${wanted}"`;
  return new HubError('HUB_CODEC_UNKNOWN_PROFILE', `${named}; write ${similar.slice(0, 8).join(', ')}`);
};

/** Characters that both begin with, vendor/model and vendor-model being the same. */
const sharedStart = (a: string, b: string): number => {
  const [one, other] = [a, b].map((text) => text.toLowerCase().replace('/', '-')) as [string, string];
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
};

const portsOf = (fPort: unknown, { profile }: CatalogueEntry): readonly number[] => {
  if (fPort === undefined || fPort === null) return profile.fPorts;
  if (typeof fPort !== 'number' || !Number.isInteger(fPort))
    throw invalid(`fPort is a number from 1 to 223, not ${JSON.stringify(fPort)}`);
  return [fPort];
};

const present = ({ records, values, warnings }: DecodedFrame, receivedAt: EpochMs): Decoded => ({
  records: records.map(({ time, fields }) => ({ ...(time !== undefined && { time: formatTime(time) }), fields })),
  observations: values.map((value) => ({
    property: value.property,
    ...(value.channel !== undefined && { channel: value.channel }),
    value: value.value,
    unit: observedProperties.get(value.property)?.unit ?? '1',
    time: formatTime(value.time),
    record: value.record,
    flag: judge(value, receivedAt).flag,
  })),
  warnings,
});
