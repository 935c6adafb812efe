import { devEuiOf } from './chirpstack-uplink.ts';
import { callHub, type HubProcess } from './hub-process.ts';

/** Registers the first `count` devices of the publisher, each at a container slot of its own. */
export const registerSlots = async (hub: HubProcess, count: number): Promise<void> => {
  const point = { type: 'Point', coordinates: [10.2, 54.4] };
  const entities = [
    { kind: 'municipality', put: { id: 'm', name: 'M', key: '01057001' } },
    { kind: 'site', put: { id: 's', name: 'S', municipality: 'm', geometry: point } },
    ...Array.from({ length: count }, (_, i) => [
      { kind: 'thing', put: { id: `slot-${i}`, name: `Slot ${i}`, kind: 'container_slot', site: 's' } },
      { kind: 'device', put: { id: devEuiOf(i), profile: 'milesight/em400-tld' } },
      {
        kind: 'deployment',
        put: { id: `d-${i}`, device: devEuiOf(i), thing: `slot-${i}`, from: '2026-01-01T00:00:00Z' },
      },
    ]).flat(),
  ];
  const answer = await callHub(hub.run, '/api/v1/region', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ entities }),
  });
  if (!answer.ok) throw new Error(`The devices were not registered: ${await answer.text()}`);
};
