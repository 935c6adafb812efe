import { z } from 'zod';
import { HubError } from '../../model/errors.ts';
import { addCollection, passes } from '../collection.ts';
import type { NetworkInfo, RouteDeps } from '../deps.ts';
import type { ZodApp } from '../zod-app.ts';

const networkResource = z
  .object({
    id: z.string(),
    kind: z.string().describe('Kind of network server'),
    transports: z.array(z.string()).describe('Ways by which its messages reach the hub'),
  })
  .meta({ id: 'Network' });

export const addNetworks = (app: ZodApp, { networks }: RouteDeps): void => {
  const sorted = [...networks].sort((a, b) => (a.id < b.id ? -1 : 1));
  addCollection(app, {
    path: 'networks',
    access: 'operator',
    tag: 'operation',
    what: 'networks: the configured network servers',
    item: networkResource,
    filters: { kind: z.string().optional() },
    keyOf: ({ id }: NetworkInfo) => id,
    list: (_reader, { kind }, after = '') =>
      sorted.filter((network) => network.id > after && passes(kind, network.kind)),
    get: (_reader, id) => {
      const found = sorted.find((network) => network.id === id);
      if (!found) throw new HubError('HUB_NOT_FOUND', `There is no network "${id}"`);
      return found;
    },
    present: (entries) => entries.map((network) => ({ ...network, transports: [...network.transports] })),
  });
};
