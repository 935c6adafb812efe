import type { Client } from 'aedes';
import { asAedesClient } from './ingest-aedes.ts';
import { matches, parseSharedFilter } from './topic-filter.ts';

/** Every client with a subscription of its own, and the first of each shared group. */
export const receiversOf = (clients: readonly Client[], topic: string): Client[] => {
  const groups = new Set<string>();
  return clients.filter((client) => {
    const filters = Object.keys(asAedesClient(client).subscriptions).map(parseSharedFilter);
    const found = filters.filter(({ filter }) => matches(filter, topic));
    const served = found.some(({ group }) => group === undefined || !groups.has(group));
    for (const { group } of found) if (group !== undefined) groups.add(group);
    return served;
  });
};
