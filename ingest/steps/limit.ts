import type { Step } from '../step.ts';

/** A device gone wild must not fill the store: what exceeds its profile's rate is kept as dead letters. */
export const limit: Step = ({ uplink, entry }, { exceedsLimit }) => {
  if (!entry || !exceedsLimit?.(uplink.devEui, uplink.receivedAt, entry.profile.maxUplinksPerHour)) return undefined;
  return {
    outcome: 'deadLetter',
    code: 'HUB_DEVICE_FLOODING',
    detail: `More than ${entry.profile.maxUplinksPerHour} uplinks within the hour`,
  };
};
