import type { DecodedValue } from '../../devices/decode.ts';
import type { EpochMs } from '../../model/time.ts';
import type { PlacedDeployment } from '../../store/registry-index.ts';
import type { Step } from '../step.ts';

/**
 * At which thing was this value measured? By the deployment at its phenomenon time, so that history stays where it was
 * measured when a device moves. A device's own health belongs to the device wherever it is.
 */
export const locate: Step = (work, { registry, registrar }) => {
  const { device, uplink, values } = work;
  if (!device) return undefined;
  let regional = 0;
  // Nearly always all values of an uplink share one time.
  let at: EpochMs | undefined;
  let deployments: readonly PlacedDeployment[] = [];
  let placed = 0;
  for (const value of values) {
    if (value.health) {
      work.placed.push({ value, datastream: registrar.healthKey(device, value.property, value.channel) });
      continue;
    }
    regional++;
    if (value.time !== at) {
      at = value.time;
      deployments = registry.deploymentsAt(uplink.devEui, at);
    }
    const targets = targetsOf(value, deployments);
    if (targets.length > 0) placed++;
    for (const { deployment, channel } of targets) {
      const datastream = registrar.key(deployment.thing, value.property, channel);
      work.placed.push({ value, datastream, deployment: deployment.id });
    }
  }
  if (regional > 0 && placed === 0) {
    work.verdict = { outcome: 'notPlaced', detail: `Device ${uplink.devEui} was deployed nowhere at that time` };
  }
  return undefined;
};

/** A deployment that names the value's channel takes it; only otherwise do deployments without channels get it. */
const targetsOf = (
  { channel }: DecodedValue,
  deployments: readonly PlacedDeployment[],
): { deployment: PlacedDeployment; channel?: string }[] => {
  const named =
    channel === undefined ? [] : deployments.filter((deployment) => Object.hasOwn(deployment.channels, channel));
  if (channel !== undefined && named.length > 0) {
    return named.map((deployment) => ({ deployment, channel: deployment.channels[channel] as string }));
  }
  return deployments
    .filter((deployment) => Object.keys(deployment.channels).length === 0)
    .map((deployment) => ({ deployment, ...(channel !== undefined && { channel }) }));
};
