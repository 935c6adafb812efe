import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codecContract } from '../codecs.contract.ts';
import { downlinkContract } from '../downlinks.contract.ts';
import { eventsContract } from '../events.contract.ts';
import type { Opened } from '../journal.contract.ts';
import { journalContract } from '../journal.contract.ts';
import { observationsContract } from '../observations.contract.ts';
import { registryContract } from '../registry.contract.ts';
import { rollupsContract } from '../rollups.contract.ts';
import { workContract } from '../work.contract.ts';
import { type EmbeddedStores, openStores } from './stores.ts';

const opener =
  <T>(pick: (stores: EmbeddedStores) => T) =>
  async (): Promise<Opened<T>> => {
    const folder = mkdtempSync(join(tmpdir(), 'plietsch-store-'));
    const settings = { file: join(folder, 'hub.db'), timeZone: 'Europe/Berlin' };
    let stores = openStores(settings);
    return {
      store: pick(stores),
      reopen: async () => {
        stores.database.close();
        stores = openStores(settings);
        return pick(stores);
      },
      close: async () => {
        stores.database.close();
        rmSync(folder, { recursive: true });
      },
    };
  };

journalContract(
  'embedded',
  opener((stores) => stores.journal),
);
observationsContract(
  'embedded',
  opener((stores) => stores.observations),
);
registryContract(
  'embedded',
  opener((stores) => stores.registry),
);
workContract(
  'embedded',
  opener((stores) => stores.work),
);
downlinkContract(
  'embedded',
  opener((stores) => stores.downlinks),
);
codecContract(
  'embedded',
  opener((stores) => stores.codecs),
);
eventsContract(
  'embedded',
  opener((stores) => stores.events),
);
rollupsContract(
  'embedded',
  opener((stores) => stores.rollups),
);
