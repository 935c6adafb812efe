import type { Codec, CodecInput, DecodedRecord, DownlinkEncoder, FieldValue, Parameters } from '../codec.ts';

/**
 * The part of an exported codec that speaks LoRa Alliance TS013-1.0.0. It is bundled with a model's codec and runs in
 * the QuickJS of ChirpStack and its like, so nothing here may need Node.
 */

interface UplinkInput {
  readonly bytes: readonly number[];
  readonly fPort: number;
  readonly recvTime?: Date;
  /** ChirpStack's variables are texts. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

interface UplinkOutput {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly warnings?: readonly string[];
  readonly errors?: readonly string[];
}

export interface ExportedProfile {
  readonly fPorts: readonly number[];
  /** Type of each parameter. */
  readonly parameters: Readonly<Record<string, 'number' | 'string' | 'boolean'>>;
}

export const createDecodeUplink =
  (codec: Codec, profile: ExportedProfile) =>
  (input: UplinkInput): UplinkOutput => {
    if (!profile.fPorts.includes(input.fPort)) {
      return { errors: [`This device sends on fPort ${profile.fPorts.join(', ')}, not ${input.fPort}`] };
    }
    try {
      const result = codec.decodeUplink(codecInput(input, profile));
      if ('errors' in result) return { errors: result.errors };
      return { data: dataOf(result.records), warnings: result.warnings };
    } catch (thrown) {
      return { errors: [thrown instanceof Error ? thrown.message : String(thrown)] };
    }
  };

interface DownlinkOutput {
  readonly fPort?: number;
  readonly bytes?: readonly number[];
  readonly errors?: readonly string[];
}

export const createEncodeDownlink =
  (encoder: DownlinkEncoder) =>
  ({ data }: { readonly data: Readonly<Record<string, unknown>> }): DownlinkOutput => {
    try {
      const { fPort, bytes } = encoder.encodeDownlink(data);
      return { fPort, bytes: Array.from(bytes) };
    } catch (thrown) {
      return { errors: [thrown instanceof Error ? thrown.message : String(thrown)] };
    }
  };

const codecInput = ({ bytes, fPort, recvTime, variables }: UplinkInput, profile: ExportedProfile): CodecInput => ({
  fPort,
  bytes: Uint8Array.from(bytes),
  receivedAt: recvTime ? recvTime.getTime() : Date.now(),
  parameters: parametersOf(variables ?? {}, profile),
});

const parametersOf = (variables: Readonly<Record<string, unknown>>, { parameters }: ExportedProfile): Parameters => {
  const given: Record<string, number | string | boolean> = {};
  for (const name of Object.keys(parameters)) {
    const value = variables[name];
    if (value === undefined || value === null) continue;
    const type = parameters[name];
    if (type === 'number') given[name] = Number(value);
    else if (type === 'boolean') given[name] = value === true || value === 'true';
    else if (typeof value === 'string' || typeof value === 'number') given[name] = String(value);
  }
  return given;
};

/** The fields of the present at the top; values of other times in `records`, each with its time. */
const dataOf = (records: readonly DecodedRecord[]): Readonly<Record<string, unknown>> => {
  const data: Record<string, unknown> = {};
  const timed: Record<string, FieldValue>[] = [];
  for (const { time, fields } of records) {
    if (time === undefined) Object.assign(data, fields);
    else timed.push({ time: new Date(time).toISOString(), ...fields });
  }
  if (timed.length > 0) data.records = timed;
  return data;
};
