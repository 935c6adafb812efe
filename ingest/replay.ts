import type { Catalogue } from '../devices/catalogue.ts';
import { HubError, isStoreTrouble } from '../model/errors.ts';
import type { Observation } from '../model/observation.ts';
import type { ReplayRequest } from '../model/ports.ts';
import { type EpochMs, formatTime, SECOND } from '../model/time.ts';
import type { Entry, Position } from '../store/journal.ts';
import type { StoredJob } from '../store/work.ts';
import type { EntryResult } from './entry-result.ts';
import type { Projector, ProjectorDeps } from './projector.ts';
import { addDiffs, diffChunk, emptyDiff, keyOf } from './replay-diff.ts';
import { settleEntry } from './settle.ts';

/** Journal entries that one step of a replay reads: short enough that acknowledgements do not wait for it. */
const CHUNK = 400;

/** The journal's own bookmarks, beyond the interface that every driver has. */
export interface ReplayJournal {
  tail(): Promise<{ position: Position; arrivedAt: EpochMs } | undefined>;
  positionBefore(arrivedAt: EpochMs): Promise<Position>;
  countAfter(after: Position, devEui?: string): Promise<number>;
}

/** A catalogue in which one profile is decoded by another version of its codec. */
export interface Candidate {
  readonly catalogue: Catalogue;
  close(): void;
}

interface ReplayDeps extends ProjectorDeps {
  readonly projector: Projector;
  readonly bookmarks: ReplayJournal;
  readonly newId: () => string;
  /** For dry runs with another version of a codec; without it such jobs fail. */
  readonly openCandidate?: (candidate: NonNullable<ReplayRequest['candidate']>) => Promise<Candidate>;
}

/**
 * Replays: the journal is read again from an instant for a device, a profile or all of them. The first pass only
 * compares and notes what is gone; the second takes that back and writes the rest again. Both go in steps that are
 * stored with their effect, so that a replay survives a restart and runs beside live uplinks: observations are keyed,
 * so it does not matter which of the two writes first.
 */
export class Replays {
  readonly #deps: ReplayDeps;
  #states = new Map<string, { devEui: string; profile: string; state: unknown }>();
  #current: StoredJob | undefined;
  /** Of the current job. */
  #candidate: Candidate | undefined;
  #queue: string[] = [];

  constructor(deps: ReplayDeps) {
    this.#deps = deps;
  }

  /** Takes up what a stop had interrupted. */
  async load(): Promise<void> {
    const open = (await this.#deps.work.jobs(1000)).filter((job) => job.state === 'queued' || job.state === 'running');
    this.#queue = open.reverse().map((job) => job.id);
  }

  async request(request: ReplayRequest): Promise<StoredJob> {
    const { work, bookmarks, clock, newId } = this.#deps;
    const start = await bookmarks.positionBefore(request.since);
    const tail = await bookmarks.tail();
    const cut = tail && tail.position > 1 && tail.arrivedAt > request.since;
    const job: StoredJob = {
      id: newId(),
      request,
      state: 'queued',
      done: 0,
      total: await bookmarks.countAfter(start, 'device' in request.scope ? request.scope.device : undefined),
      diff: emptyDiff,
      createdAt: clock(),
      pass: 'compare',
      position: start,
      start,
      ...(cut && { bounded: `The journal was pruned: it reaches back to ${formatTime(tail.arrivedAt)} only` }),
    };
    await work.saveJob(job);
    this.#queue.push(job.id);
    return job;
  }

  async cancel(id: string): Promise<StoredJob | undefined> {
    const job = await this.#deps.work.job(id);
    if (!job || (job.state !== 'queued' && job.state !== 'running')) return job;
    if (this.#current?.id === id) this.#finishCurrent();
    else this.#queue = this.#queue.filter((queued) => queued !== id);
    return this.#save({ ...job, state: 'cancelled', finishedAt: this.#deps.clock() });
  }

  get busy(): boolean {
    return this.#queue.length > 0;
  }

  /** Does one step of the oldest replay; answers whether there was anything to do. */
  async step(): Promise<boolean> {
    const id = this.#queue[0];
    if (id === undefined) return false;
    this.#current ??= await this.#begin(id);
    const job = this.#current;
    if (!job) {
      this.#queue.shift();
      return true;
    }
    try {
      this.#current = job.pass === 'takeBack' ? await this.#takeBack(job) : await this.#chunk(job);
    } catch (thrown) {
      if (isStoreTrouble(thrown)) throw thrown;
      const error = thrown instanceof Error ? thrown.message : String(thrown);
      await this.#save({ ...job, state: 'failed', error, finishedAt: this.#deps.clock() });
      this.#finishCurrent();
      return true;
    }
    if (this.#current.state !== 'running') this.#finishCurrent();
    return true;
  }

  async #begin(id: string): Promise<StoredJob | undefined> {
    const job = await this.#deps.work.job(id);
    if (!job) return undefined;
    this.#states.clear();
    try {
      this.#candidate = await this.#openCandidate(job);
    } catch (thrown) {
      if (isStoreTrouble(thrown)) throw thrown;
      const error = thrown instanceof Error ? thrown.message : String(thrown);
      await this.#save({ ...job, state: 'failed', error, finishedAt: this.#deps.clock() });
      return undefined;
    }
    if (job.pass !== 'takeBack') await this.#warm(job);
    return this.#save({ ...job, state: 'running' });
  }

  async #openCandidate({ request: { candidate } }: StoredJob): Promise<Candidate | undefined> {
    const { openCandidate } = this.#deps;
    if (!candidate) return undefined;
    if (!openCandidate) throw new HubError('HUB_CODEC_FAILED', 'There are no other versions of codecs here');
    return openCandidate(candidate);
  }

  #finishCurrent(): void {
    this.#candidate?.close();
    this.#candidate = undefined;
    this.#queue.shift();
    this.#current = undefined;
    this.#states.clear();
  }

  /** Runs stateful codecs over the time before the first entry, writing nothing, so that they begin with the right state. */
  async #warm(job: StoredJob): Promise<void> {
    const horizonS = Math.max(0, ...this.#deps.catalogue.list().map(({ profile }) => profile.stateHorizonS));
    if (horizonS === 0) return;
    const first = (await this.#deps.journal.read(job.position, 1))[0];
    if (!first) return;
    let position = await this.#deps.bookmarks.positionBefore(first.arrivedAt - horizonS * SECOND);
    while (position < job.position) {
      const entries = (await this.#read(job, position)).filter((entry) => entry.position <= job.position);
      const last = entries.at(-1);
      if (!last) break;
      this.#settle(entries);
      position = last.position;
    }
    this.#deps.projector.registrar.discard();
  }

  async #chunk(job: StoredJob): Promise<StoredJob> {
    const { projector } = this.#deps;
    const cursor = await projector.cursor();
    const entries = (await this.#read(job, job.position)).filter((entry) => entry.position <= cursor);
    const inScope = entries.filter((entry) => this.#isInScope(job, entry));
    const before = new Map(this.#states);
    const results = this.#settle(inScope);
    const caughtUp = entries.length < CHUNK;
    const last = entries.at(-1)?.position ?? job.position;
    const moved: StoredJob = { ...job, position: last, done: job.done + (job.pass === 'compare' ? entries.length : 0) };
    try {
      return job.pass === 'compare'
        ? await this.#compare(moved, { inScope, results, caughtUp })
        : await this.#apply(moved, { results, caughtUp });
    } catch (thrown) {
      // The same entries will be worked out again, from the states that they were worked out from.
      this.#states = before;
      throw thrown;
    }
  }

  async #compare(
    job: StoredJob,
    { inScope, results, caughtUp }: { inScope: readonly Entry[]; results: readonly EntryResult[]; caughtUp: boolean },
  ): Promise<StoredJob> {
    const { observations, projector, work, together, registry } = this.#deps;
    const computed = results.flatMap((result) => result.observations);
    const stored = await observations.ofPositions(inScope.map((entry) => entry.position));
    const at = new Map<string, Observation>();
    const places = computed.map(({ datastream, phenomenonTime: time }) => ({ datastream, time }));
    for (const held of await observations.heldAt(places)) at.set(keyOf(held), held);
    const idOf = (key: number) =>
      projector.registrar.datastream(key)?.id ?? registry.datastreamByKey(key)?.id ?? String(key);
    const { diff, gone } = diffChunk({ computed, stored, at }, idOf);
    projector.registrar.discard();
    const next: StoredJob = { ...job, diff: addDiffs(job.diff, diff) };
    return together(async () => {
      if (!job.request.dryRun && gone.length > 0) {
        await work.saveGone(
          job.id,
          gone.map(({ datastream, phenomenonTime: time }) => ({ datastream, time })),
        );
      }
      if (!caughtUp) return this.#save(next);
      this.#states.clear();
      return job.request.dryRun ? this.#done(next) : this.#save({ ...next, pass: 'takeBack', position: job.start });
    });
  }

  async #takeBack(job: StoredJob): Promise<StoredJob> {
    const { observations, work, commit, marksOf } = this.#deps;
    const keys = await work.gone(job.id, CHUNK);
    const next = await commit({
      elsewhere: () => observations.remove(keys),
      here: async () => {
        // By the list rather than by what was found: a try before this one may have removed it already.
        await work.markDirty(marksOf(keys.map(({ datastream, time }) => ({ datastream, phenomenonTime: time }))));
        await work.clearGone(job.id, keys);
        return keys.length < CHUNK ? this.#save({ ...job, pass: 'apply' }) : job;
      },
    });
    if (next.pass === 'apply') await this.#warm(next);
    return next;
  }

  async #apply(
    job: StoredJob,
    { results, caughtUp }: { results: readonly EntryResult[]; caughtUp: boolean },
  ): Promise<StoredJob> {
    const { projector, work, together } = this.#deps;
    return projector.storeReplayed(results, () =>
      together(async () => {
        if (!caughtUp) return this.#save(job);
        // No entry came between this chunk and the cursor: these are the states that the next live uplink needs.
        await work.saveCodecStates([...this.#states.values()]);
        for (const state of this.#states.values()) projector.setState(state.devEui, state);
        return this.#done(job);
      }),
    );
  }

  #settle(entries: readonly Entry[]): EntryResult[] {
    const { projector, clock } = this.#deps;
    const context = {
      ...projector.context(false),
      ...(this.#candidate && { catalogue: this.#candidate.catalogue }),
      state: (devEui: string, profile: string) => {
        const known = this.#states.get(devEui);
        return known?.profile === profile ? known.state : undefined;
      },
    };
    return entries.map((entry) => {
      const result = settleEntry(entry, projector.parse(entry), { context, now: clock() });
      if (result.state) this.#states.set(result.state.devEui, result.state);
      return result;
    });
  }

  #read({ request: { scope } }: StoredJob, after: Position): Promise<Entry[]> {
    return this.#deps.journal.read(after, CHUNK, 'device' in scope ? scope.device : undefined);
  }

  #isInScope({ request: { scope } }: StoredJob, { devEui, kind }: Entry): boolean {
    if (kind === 'writing') return 'all' in scope;
    if (kind === 'ignored' || devEui === undefined) return false;
    if ('profile' in scope) return this.#deps.registry.get('device', devEui)?.profile === scope.profile;
    return true;
  }

  #done(job: StoredJob): Promise<StoredJob> {
    return this.#save({ ...job, state: 'done', total: job.done, finishedAt: this.#deps.clock() });
  }

  async #save(job: StoredJob): Promise<StoredJob> {
    await this.#deps.work.saveJob(job);
    return job;
  }
}
