import { performance } from 'node:perf_hooks';
import type { CatalogueIndex } from '../devices/catalogue-index.ts';
import type { Projector } from '../ingest/projector.ts';
import type { Replays } from '../ingest/replay.ts';
import { HubError } from '../model/errors.ts';
import type { EmbeddedStores } from '../store/embedded/stores.ts';
import type { RegistryIndex } from '../store/registry-index.ts';
import { createCommands } from './commands.ts';
import { createDownlinkCommands } from './downlinks.ts';
import { type CodecShelf, createCodecCommands } from './foreign-codecs.ts';
import type { ObservationHome } from './observation-home.ts';
import type { EngineSettings, FromEngine } from './protocol.ts';
import type { Methods } from './rpc.ts';
import { createSensorThings } from './sensor-things.ts';

export interface MethodParts {
  readonly settings: EngineSettings;
  readonly stores: EmbeddedStores;
  readonly registry: RegistryIndex;
  readonly catalogue: CatalogueIndex;
  readonly shelf: CodecShelf;
  readonly home: Pick<ObservationHome, 'observations' | 'rollups'>;
  readonly projector: Projector;
  readonly replays: Replays;
  readonly post: (message: FromEngine) => void;
}

/**
 * Methods that change, or look at, what the projection makes of uplinks: they wait until what is under way is stored. The
 * others are answered at once, however long a store elsewhere takes.
 */
export const settledMethods: ReadonlySet<string> = new Set([
  'applyEntities',
  'adopt',
  'retryDeadLetter',
  'replay',
  'cancelJob',
  'putCodec',
  'activateCodec',
  'createStaEntities',
  'replaceStaEntities',
  'removeStaEntities',
]);

/** Everything that the other threads may ask the writer to do, by name. */
export const createMethods = (parts: MethodParts): Methods => {
  const { settings, stores, registry, catalogue, shelf, replays, post } = parts;
  const { accounts, codecs, database, downlinks, journal } = stores;
  return {
    ...createCommands({ ...parts, onRegistryChanged: (changes) => post({ type: 'registry', changes }) }),
    ...createDownlinkCommands({
      downlinks,
      registry,
      catalogue,
      networks: settings.networks,
      newest: (devEui) => journal.newestOf(devEui),
      clock: Date.now,
    }),
    ...createCodecCommands({
      codecs,
      catalogue,
      shelf,
      replays,
      clock: Date.now,
      elapsedMs: () => performance.now(),
      together: (work) => database.together(work),
      onProfile: (profile) => post({ type: 'profiles', profiles: [profile] }),
    }),
    ...sensorThingsMethods(parts),
    tokens: () => accounts.tokens(),
    putToken: (token: Parameters<typeof accounts.putToken>[0]) => accounts.putToken(token),
    removeToken: (id: string) => accounts.removeToken(id),
    backup: (file: string) => backup(file, stores),
    deviceCount: () => [...registry.list('device')].filter((device) => !device.simulated).length,
  };
};

const sensorThingsMethods = ({ stores, home, registry, projector, post }: MethodParts): Methods => {
  const { details, database, sequences, registry: registryStore } = stores;
  const { create, replace, remove } = createSensorThings({
    registry,
    registryStore,
    observations: home.observations,
    rollups: home.rollups,
    details,
    registrar: projector.registrar,
    sequences,
    together: (work) => database.together(work),
    onRegistryChanged: (changes) => post({ type: 'registry', changes }),
  });
  return {
    createStaEntities: create,
    replaceStaEntities: replace,
    removeStaEntities: remove,
  };
};

const backup = async (
  file: string,
  { database, journal }: EmbeddedStores,
): Promise<{ bytes: number; head: number }> => {
  const { backupTo } = await import('../store/embedded/backup.ts');
  try {
    return { bytes: backupTo(database, file), head: await journal.head() };
  } catch (cause) {
    if (cause instanceof HubError) throw cause;
    const { message } = cause as Error;
    // A path that cannot be, a folder that is not there or not ours: the same request will not succeed later.
    const isPath = /^(?:unable to open database|E(?:NAMETOOLONG|NOENT|NOTDIR|ACCES|PERM|ROFS|ISDIR|LOOP)\b)/.test(
      message,
    );
    const code = isPath ? 'HUB_CONFLICT' : 'HUB_UNAVAILABLE';
    throw new HubError(code, `The backup failed: ${message}`, { cause });
  }
};
