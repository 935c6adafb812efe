import { HubError } from '../model/errors.ts';
import type { CatalogueEntry, DeviceProfile } from './catalogue.ts';
import type { Codec, CodecResult, FieldValue, Parameters } from './codec.ts';
import { flatFields } from './flat-fields.ts';
import type { ForeignCodec } from './foreign-schema.ts';
import { type ForeignAnswer, type ForeignDecoder, ScriptDecoder } from './script-decoder.ts';

/** A stored codec. */
export interface ForeignVersion {
  readonly version: number;
  readonly codec: ForeignCodec;
}

/** An entry of the catalogue whose codec somebody else wrote. Holds a sandbox until it is closed. */
export interface ForeignEntry extends CatalogueEntry {
  readonly decoder: ForeignDecoder;
}

const MAX_MESSAGES = 20;
const MAX_MESSAGE = 300;

/**
 * Loads a foreign codec. Its profile's version is the vendor's with ours behind it, as in 1.0.0+3, so that every value says
 * which one made it. Throws HUB_CODEC_FAILED where the script does not load.
 */
export const openForeign = async ({ codec, version }: ForeignVersion): Promise<ForeignEntry> => {
  const decoder = codec.script === undefined ? networkDecoder : await ScriptDecoder.open(codec.script, codec.dialect);
  const profile = versioned(codec.profile, version);
  return { profile, decoder, codec: codecOf(profile, decoder) };
};

/** A codec that does not load, so that its devices' frames wait as dead letters that say why. */
export const brokenForeign = ({ codec, version }: ForeignVersion, reason: HubError): ForeignEntry => {
  const answer = (): never => {
    throw new HubError('HUB_CODEC_FAILED', `The codec does not load: ${reason.message}`, { cause: reason });
  };
  const profile = versioned(codec.profile, version);
  return { profile, decoder: { answer, close: () => undefined }, codec: { decodeUplink: answer } };
};

/** For threads that show a profile and decode nothing by it. */
export const profileOnly = (profile: DeviceProfile): CatalogueEntry => ({
  profile,
  codec: {
    decodeUplink: () => {
      throw new HubError('HUB_CODEC_FAILED', `${profile.id} is decoded by the thread that keeps its script`);
    },
  },
});

const versioned = (profile: DeviceProfile, version: number): DeviceProfile => ({
  ...profile,
  version: `${profile.version}+${version}`,
});

const networkDecoder: ForeignDecoder = {
  answer: ({ decoded }) =>
    decoded ? { data: decoded } : { errors: ['The network server sent nothing that it had decoded'] },
  close: () => undefined,
};

const codecOf = (profile: DeviceProfile, decoder: ForeignDecoder): Codec => {
  const defaults = defaultsOf(profile);
  return {
    decodeUplink: (input) =>
      read(decoder.answer({ ...input, parameters: { ...defaults, ...input.parameters } }), profile),
  };
};

const defaultsOf = ({ parameters }: DeviceProfile): Parameters =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])),
  );

/** The fields that the profile maps; of what else a script answers nobody has said what it means. */
const read = ({ data, warnings, errors }: ForeignAnswer, profile: DeviceProfile): CodecResult => {
  const refusals = messagesOf(errors);
  if (refusals.length > 0) return { errors: refusals };
  const fields: Record<string, FieldValue> = {};
  for (const [field, value] of flatFields(data)) {
    const mapping = Object.hasOwn(profile.fields, field) ? profile.fields[field] : undefined;
    if (mapping === undefined) continue;
    fields[field] = mapping.role !== 'configuration' && !mapping.codes ? asNumber(value) : value;
  }
  return { records: [{ fields }], warnings: messagesOf(warnings) };
};

/** Scripts that round by `toFixed` answer numbers as text. */
const asNumber = (value: FieldValue): FieldValue =>
  typeof value === 'string' && /^\s*[+-]?\d+(\.\d+)?(e[+-]?\d{1,3})?\s*$/i.test(value) ? Number(value) : value;

const messagesOf = (messages: unknown): string[] => {
  const list = Array.isArray(messages) ? messages : typeof messages === 'string' ? [messages] : [];
  return list
    .slice(0, MAX_MESSAGES)
    .map((message) => (typeof message === 'string' ? message : JSON.stringify(message)).slice(0, MAX_MESSAGE));
};
