import type { Trace } from '../api/trace-port.ts';
import type { Catalogue } from '../devices/catalogue.ts';
import type { CodecInput } from '../devices/codec.ts';
import { type DecodedFrame, type DecodeFailure, decodeFrame } from '../devices/decode.ts';
import { isForeign } from '../devices/foreign-schema.ts';
import { parseMessage } from '../ingest/intake.ts';
import type { NetworkAdapter } from '../ingest/networks/adapter.ts';
import type { ErrorCode } from '../model/errors.ts';
import type { Uplink } from '../model/uplink.ts';
import type { JournalReader } from '../store/journal.ts';
import type { ObservationReader } from '../store/observations.ts';
import type { RegistryIndex } from '../store/registry-index.ts';

interface TraceDeps {
  readonly journal: JournalReader;
  readonly observations: ObservationReader;
  readonly registry: RegistryIndex;
  readonly catalogue: Catalogue;
  readonly adapters: ReadonlyMap<string, NetworkAdapter>;
  /** Decodes by a foreign codec, which another thread keeps. */
  readonly decodeForeign: (profile: string, input: CodecInput) => Promise<DecodedFrame | DecodeFailure>;
}

type Reading = Pick<Trace, 'codec' | 'records' | 'values' | 'warnings' | 'reason'>;

const nothing: Reading = { records: [], values: [], warnings: [] };

/** Reads an entry again as the pipeline would, writing nothing: the whole way of a value. */
export const createTrace =
  ({ journal, observations, adapters, ...deps }: TraceDeps) =>
  async (position: number): Promise<Trace | undefined> => {
    const entry = await journal.entry(position);
    if (!entry) return undefined;
    const message = parseMessage(adapters.get(entry.network), entry);
    const reading = message.kind === 'uplink' ? await readUplink(message, deps) : nothing;
    const [deadLetter] = (await journal.deadLetters({ after: String(position + 1), limit: 1 })).items;
    const reason =
      deadLetter?.position === position ? { code: deadLetter.code, detail: deadLetter.detail } : reading.reason;
    return {
      ...reading,
      entry,
      message,
      receptions: await journal.receptions(position),
      outcome: (await journal.outcome(position)) ?? 'pending',
      ...(reason && { reason }),
      observations: await observations.ofPositions([position]),
    };
  };

const readUplink = async (
  uplink: Uplink,
  { registry, catalogue, decodeForeign }: Pick<TraceDeps, 'registry' | 'catalogue' | 'decodeForeign'>,
): Promise<Reading> => {
  const device = registry.get('device', uplink.devEui);
  const known = device && catalogue.get(device.profile);
  if (!device || !known) return nothing;
  const mounting = registry.deploymentsAt(uplink.devEui, uplink.receivedAt).map((deployment) => deployment.parameters);
  const { fPort, bytes, receivedAt, decoded } = uplink;
  const parameters = Object.assign({}, device.parameters, ...mounting);
  const input = { fPort, bytes, receivedAt, parameters, ...(decoded && { decoded }) };
  const { id } = known.profile;
  const result = isForeign(id) ? await decodeForeign(id, input) : decodeFrame(known, input);
  const codec = `${known.profile.id}@${known.profile.version}`;
  if ('errors' in result) {
    const [first] = result.errors;
    return { ...nothing, codec, ...(first && { reason: { code: first.code as ErrorCode, detail: first.detail } }) };
  }
  return { codec, records: result.records, values: result.values, warnings: result.warnings };
};
