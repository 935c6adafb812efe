import { expect, it } from 'vitest';
import type { DerivationRunner } from '../derive/runner.ts';
import type { Projector } from '../ingest/projector.ts';
import type { Replays } from '../ingest/replay.ts';
import { HubError } from '../model/errors.ts';
import type { SqliteJournal } from '../store/embedded/journal.ts';
import type { ObservationHome } from './observation-home.ts';
import { Projection } from './projection.ts';
import type { EngineSettings } from './protocol.ts';
import { PartStates } from './state.ts';

it('lets replays and derivations through every other second while uplinks come without a pause', async () => {
  let now = 10_000;
  let replayed = 0;
  const digest = async (limit: number): Promise<number> => limit;
  const home = { name: 'embedded', isElsewhere: false, prepare: async () => [], recover: async () => undefined };
  const projection = new Projection({
    settings: {} as EngineSettings,
    home: home as unknown as ObservationHome,
    journal: {} as SqliteJournal,
    projector: { pending: 10, digest, flush: async () => undefined } as unknown as Projector,
    replays: { step: async () => ++replayed > 0 } as unknown as Replays,
    runner: {} as DerivationRunner,
    states: new PartStates(() => now),
    clock: () => now,
    wake: () => undefined,
  });
  await projection.step({ arrived: 500, moreToCome: true });
  const before = replayed;
  for (let i = 0; i < 100; i++) {
    now += 100;
    await projection.step({ arrived: 500, moreToCome: true });
  }
  expect(replayed - before).toBe(5);
});

it('does not call itself ready while what it sends does not arrive', async () => {
  let now = 10_000;
  const states = new PartStates(() => now);
  let pending = 0;
  const projector = {
    get pending() {
      return pending;
    },
    digest: async () => {
      pending = 1;
      return 1;
    },
    flush: async () => {
      if (pending === 0) return;
      pending = 0;
      throw new HubError('HUB_STORE_UNAVAILABLE', 'no answer');
    },
  };
  const home = { name: 'influxdb', isElsewhere: true, prepare: async () => [], recover: async () => undefined };
  const projection = new Projection({
    settings: { journalKeepDays: null, observationsKeepDays: null } as EngineSettings,
    home: home as unknown as ObservationHome,
    journal: {} as SqliteJournal,
    projector: projector as unknown as Projector,
    replays: { step: async () => false } as unknown as Replays,
    runner: { step: async () => 0 } as unknown as DerivationRunner,
    states,
    clock: () => now,
    wake: () => undefined,
  });
  for (let i = 0; i < 50; i++) {
    now += 1_100;
    await projection.step({ arrived: 1, moreToCome: false });
    await projection.stop();
    expect(states.isReady('projection'), `step ${i}`).toBe(false);
  }
});
