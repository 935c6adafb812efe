import type { Step } from '../step.ts';

/** Which registered device is this, and how is it decoded? */
export const identify: Step = (work, { registry, catalogue }) => {
  const { devEui, fPort, bytes, receivedAt } = work.uplink;
  const device = registry.get('device', devEui);
  if (!device) {
    const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
    return { outcome: 'unknownDevice', detail: `${fPort}:${hex}` };
  }
  work.device = device;
  const entry = catalogue.get(device.profile);
  if (!entry) {
    return {
      outcome: 'deadLetter',
      code: 'HUB_CODEC_UNKNOWN_PROFILE',
      detail: `Device ${devEui} has the profile "${device.profile}", which the catalogue does not know`,
    };
  }
  work.entry = entry;
  const mounting = registry.deploymentsAt(devEui, receivedAt).map((deployment) => deployment.parameters);
  work.parameters = mounting.length === 0 ? device.parameters : Object.assign({}, device.parameters, ...mounting);
  return undefined;
};
