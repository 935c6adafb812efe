import { once } from 'node:events';
import { createInterface } from 'node:readline';
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
      process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
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
    ...(parameters !== undefined && { parameters: jsonOption(parameters, refuse) }),
  };
};

const jsonOption = (text: string, refuse: (message: string) => never): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return refuse(`--parameters is no JSON; write '{"sensorHeightM":5.35}'`);
  }
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
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const result = decodeLine(line, { ...context, states });
    if (!output.write(`${JSON.stringify(result)}\n`)) await once(output, 'drain');
  }
};

const decodeLine = (line: string, context: DecodeContext): Decoded | DecodeFailure => {
  try {
    return decodeRequest(JSON.parse(line), context);
  } catch (thrown) {
    return failed(new HubError('HUB_REQUEST_INVALID', `The line is no JSON: ${String(thrown)}`));
  }
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
    return failed(asHubError(thrown, 'HUB_REQUEST_INVALID'));
  }
};

const failed = ({ code, message }: HubError): DecodeFailure => ({ errors: [{ code, detail: message }] });

/** The first attempt that decodes, else what the first one said. */
const firstSuccess = (attempts: readonly (() => DecodedFrame | DecodeFailure)[]): DecodedFrame | DecodeFailure => {
  let first: DecodeFailure | undefined;
  for (const attempt of attempts) {
    const result = attempt();
    if (!('errors' in result)) return result;
    first ??= result;
  }
  return first ?? failed(new HubError('HUB_CODEC_UNKNOWN_PORT'));
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
    receivedAt: parseTime(receivedAt, now),
    ...(typeof device === 'string' && { device }),
  };
};

const invalid = (message: string): HubError => new HubError('HUB_REQUEST_INVALID', message);

const unknownProfile = (profile: unknown, catalogue: Catalogue): HubError => {
  const known = catalogue.list().map((entry) => entry.profile.id);
  const vendor = String(profile).split(/[/-]/)[0] ?? '';
  const similar = known.filter((id) => vendor !== '' && id.startsWith(vendor));
  const named = typeof profile === 'string' ? `No device profile "${profile}"` : 'No device profile is named';
  return new HubError(
    'HUB_CODEC_UNKNOWN_PROFILE',
    `${named}; write ${(similar.length > 0 ? similar : known).slice(0, 8).join(', ')}`,
  );
};

const portsOf = (fPort: unknown, { profile }: CatalogueEntry): readonly number[] => {
  if (fPort === undefined || fPort === null) return profile.fPorts;
  if (typeof fPort !== 'number' || !Number.isInteger(fPort))
    throw invalid(`fPort is a number from 1 to 223, not ${JSON.stringify(fPort)}`);
  return [fPort];
};

/** LoRaWAN's largest application payload (RP002-1.0.4, DR of 242 bytes) rounded up to a byte's range. */
const MAX_BYTES = 255;

const parseHex = (hex: unknown): Uint8Array => {
  if (typeof hex !== 'string') throw invalid('hex is a text of hexadecimal digits: "01755C"');
  const digits = hex.replaceAll(/\s/g, '');
  const wrong = /[^0-9a-f]/i.exec(digits);
  if (wrong) throw invalid(`hex has "${wrong[0]}" at digit ${wrong.index + 1}; write only 0 to 9 and a to f`);
  if (digits.length % 2 !== 0) throw invalid(`hex has ${digits.length} digits; a byte has two, so one is missing`);
  if (digits.length > 2 * MAX_BYTES)
    throw invalid(`hex has ${digits.length / 2} bytes; a LoRaWAN frame carries at most 242`);
  return Uint8Array.fromHex(digits);
};

const parseTime = (time: unknown, now: () => EpochMs): EpochMs => {
  if (time === undefined || time === null) return now();
  const parsed = typeof time === 'string' ? parseRfc3339(time) : undefined;
  if (parsed === undefined)
    throw invalid(`receivedAt ${JSON.stringify(time)} is no time; write "2026-03-02T07:15:31Z"`);
  return parsed;
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
