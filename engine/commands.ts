import type { Catalogue } from '../devices/catalogue.ts';
import { PROJECTION, type Projector } from '../ingest/projector.ts';
import type { Replays } from '../ingest/replay.ts';
import { HubError } from '../model/errors.ts';
import type { AdoptRequest, EntityReport, Job, ReplayRequest } from '../model/ports.ts';
import { type EpochMs, formatTime } from '../model/time.ts';
import type { EmbeddedStores } from '../store/embedded/stores.ts';
import type { RegistryChange } from '../store/registry.ts';
import type { RegistryIndex } from '../store/registry-index.ts';
import { type EntityInput, planChange } from './registry-change.ts';

export interface CommandDeps {
  readonly stores: EmbeddedStores;
  readonly registry: RegistryIndex;
  readonly catalogue: Catalogue;
  readonly projector: Projector;
  readonly replays: Replays;
  readonly onRegistryChanged: (changes: readonly RegistryChange[]) => void;
}

/** The commands of model/ports.ts as the writer thread carries them out. */
export const createCommands = (deps: CommandDeps) => {
  const { stores, registry, catalogue, projector, replays, onRegistryChanged } = deps;

  const applyEntities = async (
    inputs: readonly EntityInput[],
    { dryRun }: { dryRun: boolean },
  ): Promise<EntityReport[]> => {
    const { changes, report } = planChange(inputs, { registry, catalogue });
    if (dryRun || changes.length === 0) return [...report];
    const touched = touchedDevices(changes, registry);
    await stores.registry.apply(changes);
    registry.apply(changes);
    onRegistryChanged(changes);
    for (const [device, since] of touched) await replayIfHeard(device, since);
    return [...report];
  };

  /** Only a device that was heard since then has anything to replay. */
  const replayIfHeard = async (device: string, since: EpochMs): Promise<void> => {
    const start = await stores.journal.positionBefore(since);
    if ((await stores.journal.countAfter(start, device)) === 0) return;
    await replays.request({ scope: { device }, since, dryRun: false, reason: 'registry change' });
  };

  const adopt = async (devEui: string, request: AdoptRequest): Promise<Job> => {
    const { profile, name, parameters = {}, thing, mounting = {} } = request;
    const first = (await stores.journal.read(0, 1, devEui))[0];
    if (!first) throw new HubError('HUB_NOT_FOUND', `No message of device ${devEui} has been received`);
    if (registry.get('device', devEui)) throw new HubError('HUB_CONFLICT', `Device ${devEui} is registered already`);
    const from = request.from ?? first.receivedAt ?? first.arrivedAt;
    const entities: EntityInput[] = [
      { kind: 'device', put: { id: devEui, profile, parameters, ...(name !== undefined && { name }) } },
    ];
    if (thing !== undefined) {
      const deployment = {
        id: `${devEui}-${from}`,
        device: devEui,
        thing,
        from: formatTime(from),
        parameters: mounting,
      };
      entities.push({ kind: 'deployment', put: deployment });
    }
    const { changes } = planChange(entities, { registry, catalogue });
    await stores.registry.apply(changes);
    registry.apply(changes);
    onRegistryChanged(changes);
    return replays.request({ scope: { device: devEui }, since: 0, dryRun: false, reason: 'adopted' });
  };

  const retryDeadLetter = async (position: number): Promise<string> => {
    const entry = await stores.journal.entry(position);
    if (!entry) throw new HubError('HUB_NOT_FOUND', `The journal holds no entry ${position}; it may have been pruned`);
    if ((await stores.journal.outcome(position)) !== 'deadLetter') {
      throw new HubError('HUB_CONFLICT', `Entry ${position} is not a dead letter`);
    }
    if (position > (await stores.journal.cursor(PROJECTION)))
      throw new HubError('HUB_CONFLICT', `Entry ${position} has not been projected yet`);
    return projector.retry(entry);
  };

  const replay = async (request: ReplayRequest): Promise<Job> => {
    const { scope } = request;
    if ('profile' in scope && !catalogue.get(scope.profile)) {
      throw new HubError('HUB_NOT_FOUND', `The catalogue has no profile "${scope.profile}"`);
    }
    if ('device' in scope) registry.require('device', scope.device);
    return replays.request(request);
  };

  return {
    applyEntities,
    adopt,
    retryDeadLetter,
    replay,
    job: (id: string) => stores.work.job(id),
    jobs: () => stores.work.jobs(100),
    cancelJob: async (id: string) => {
      if (!(await replays.cancel(id))) throw new HubError('HUB_NOT_FOUND', `There is no job ${id}`);
    },
  };
};

/** Devices whose past reads differently after a change, each with the instant from which. */
const touchedDevices = (changes: readonly RegistryChange[], registry: RegistryIndex): Map<string, EpochMs> => {
  const touched = new Map<string, EpochMs>();
  const touch = (device: string, since: EpochMs) => touched.set(device, Math.min(since, touched.get(device) ?? since));
  for (const change of changes) {
    if (change.kind === 'device' && 'put' in change) {
      const before = registry.get('device', change.put.id);
      const sameDecoding =
        before &&
        before.profile === change.put.profile &&
        JSON.stringify(before.parameters) === JSON.stringify(change.put.parameters);
      if (!sameDecoding) touch(change.put.id, 0);
    } else if (change.kind === 'deployment') {
      const before = registry.get('deployment', 'put' in change ? change.put.id : change.remove);
      if (before) touch(before.device, Date.parse(before.from));
      if ('put' in change) touch(change.put.device, Date.parse(change.put.from));
    }
  }
  return touched;
};
