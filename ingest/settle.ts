import { downlinkStepOf } from '../model/downlink.ts';
import type { EpochMs } from '../model/time.ts';
import type { ParsedMessage } from '../model/uplink.ts';
import type { Entry } from '../store/journal.ts';
import type { EntryResult } from './entry-result.ts';
import { runPipeline } from './pipeline.ts';
import { settleWriting } from './settle-writing.ts';
import { createWork, type PipelineContext } from './step.ts';
import { healthObservations } from './steps/health.ts';

/** From a journal entry and what the adapter read in it to observations and an outcome. Pure but for the registrar. */
export const settleEntry = (
  entry: Pick<Entry, 'position' | 'network' | 'arrivedAt' | 'corrupt' | 'kind'>,
  message: ParsedMessage,
  { context, now }: { context: PipelineContext; now: EpochMs },
): EntryResult => {
  const { position, network, arrivedAt, kind } = entry;
  const base = { position, network, arrivedAt, kind };
  if (entry.corrupt) {
    const detail = 'The stored bytes no longer match their checksum';
    return { settlement: { ...base, outcome: 'deadLetter', code: 'HUB_JOURNAL_CORRUPT', detail }, observations: [] };
  }
  if (message.kind === 'unparsable') {
    const { code, detail } = message;
    return { settlement: { ...base, outcome: 'deadLetter', code, detail }, observations: [] };
  }
  if (message.kind === 'ignored') return { settlement: { ...base, outcome: 'ignored' }, observations: [] };
  if (message.kind === 'writing') return settleWriting(message, { base, context, now });
  const { devEui } = message;
  if (message.kind !== 'uplink') {
    const device = context.registry.get('device', devEui);
    const observations = device
      ? healthObservations(message, { device, position, storedAt: now, registrar: context.registrar })
      : [];
    const step = downlinkStepOf(message);
    return {
      settlement: { ...base, outcome: 'other', devEui },
      observations,
      ...(step && { downlink: { ...step, at: message.receivedAt } }),
    };
  }
  const work = createWork(position, message, now);
  const stop = runPipeline(work, context);
  const profile = work.device?.profile;
  return {
    settlement: { ...base, devEui, outcome: 'decoded', ...stop },
    observations: work.observations,
    ...(work.state !== undefined && profile !== undefined && { state: { devEui, profile, state: work.state } }),
  };
};
