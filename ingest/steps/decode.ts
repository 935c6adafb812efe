import { decodeFrame } from '../../devices/decode.ts';
import type { Step } from '../step.ts';

/** Bytes to values in the units of the observed properties. */
export const decode: Step = (work, { state }) => {
  const { entry, uplink, parameters = {} } = work;
  if (!entry) return undefined;
  const { profile } = entry;
  const before = profile.stateHorizonS > 0 ? state(uplink.devEui, profile.id) : undefined;
  const result = decodeFrame(entry, {
    fPort: uplink.fPort,
    bytes: uplink.bytes,
    receivedAt: uplink.receivedAt,
    parameters,
    ...(before !== undefined && { state: before }),
    ...(uplink.decoded && { decoded: uplink.decoded }),
  });
  if ('errors' in result) {
    const [first] = result.errors;
    return {
      outcome: 'deadLetter',
      code: first?.code ?? 'HUB_CODEC_FAILED',
      detail: result.errors
        .map((error) => error.detail)
        .join('; ')
        .slice(0, 500),
    };
  }
  work.records = result.records;
  work.values = result.values;
  work.warnings = result.warnings;
  work.state = result.state;
  return undefined;
};
