import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { createMarker } from '../derive/definition.ts';
import { qualityDerivation } from '../derive/quality.ts';
import { rollupDerivation } from '../derive/rollup.ts';
import { DerivationRunner } from '../derive/runner.ts';
import { loadCatalogue } from '../devices/catalogue.ts';
import { CatalogueIndex } from '../devices/catalogue-index.ts';
import { type IntakeOptions, prepareEntry } from '../ingest/intake.ts';
import { adaptersOf } from '../ingest/networks/adapters.ts';
import { Projector, type StoredBatch } from '../ingest/projector.ts';
import { Replays } from '../ingest/replay.ts';
import { asHubError } from '../model/errors.ts';
import { SECOND } from '../model/time.ts';
import { openStores } from '../store/embedded/stores.ts';
import type { AppendResult } from '../store/journal.ts';
import { allEntries, RegistryIndex } from '../store/registry-index.ts';
import { useCaseDerivations } from '../usecases/definitions.ts';
import { CodecShelf } from './foreign-codecs.ts';
import { keptSince, type ObservationHome, openHome } from './observation-home.ts';
import { packStored, unpackIntake } from './packing.ts';
import { Projection } from './projection.ts';
import type { EngineSettings, FromEngine, IntakeMessage, ToEngine } from './protocol.ts';
import { answer, type CallMessage, type Methods, packError, type ResultMessage } from './rpc.ts';
import { PartStates } from './state.ts';
import { Statistics } from './statistics.ts';
import { createMethods, settledMethods } from './writer-methods.ts';

type Post = (message: FromEngine, transfer?: readonly ArrayBuffer[]) => void;

/** A commit costs the same for one uplink and for fifty: while few come, the next batch is given a moment to gather. */
const TRICKLE_ENTRIES = 50;
const GATHER_MS = 2;
const STATS_EVERY = SECOND;
/** How long a stop waits for requests to a server elsewhere. */
const STOP_WAITS_MS = 2 * SECOND;

const derivations = [qualityDerivation, rollupDerivation, ...useCaseDerivations];

/** Opens the stores and builds everything that writes. */
export const startWriter = async (settings: EngineSettings, post: Post): Promise<Writer> => {
  const stores = openStores(settings);
  const registry = new RegistryIndex();
  registry.apply(await stores.registry.load());
  const catalogue = new CatalogueIndex(await loadCatalogue());
  const shelf = new CodecShelf({ codecs: stores.codecs, catalogue });
  await shelf.load();
  return new Writer({ settings, stores, registry, catalogue, shelf, post });
};

interface WriterParts {
  readonly settings: EngineSettings;
  readonly stores: ReturnType<typeof openStores>;
  readonly registry: RegistryIndex;
  readonly catalogue: CatalogueIndex;
  readonly shelf: CodecShelf;
  readonly post: Post;
}

/** The one place where state changes: takes batches and commands, and works through what they leave to do. */
export class Writer {
  readonly #parts: WriterParts;
  readonly #intake: IntakeOptions;
  readonly #home: ObservationHome;
  readonly #projector: Projector;
  readonly #replays: Replays;
  readonly #runner: DerivationRunner;
  readonly #projection: Projection;
  readonly #methods: Methods;
  readonly #states = new PartStates(Date.now);
  readonly #statistics: Statistics;
  readonly #batches: IntakeMessage[] = [];
  readonly #calls: CallMessage[] = [];
  #wake: (() => void) | undefined;
  /** Sets the time of the present rest anew. */
  #rearm: (() => void) | undefined;
  #stopped = false;
  #lastStats = 0;
  #isTrickle = false;
  /** Messages appended in this turn. */
  #arrived = 0;
  /** Work that a turn did not wait for, because the store is elsewhere; whether it did something. */
  #working: Promise<boolean> | undefined;
  #workDone = false;

  constructor(parts: WriterParts) {
    this.#parts = parts;
    const { settings, stores, registry, catalogue } = parts;
    const networkAdapters = adaptersOf(settings.networks);
    this.#statistics = new Statistics([...networkAdapters.keys()]);
    this.#intake = { adapters: networkAdapters, maxBodyBytes: settings.maxBodyBytes };
    const together = <T>(work: () => Promise<T>) => this.#timed(() => stores.database.together(work));
    const datastreamOf = (key: number) => this.#projector.registrar.datastream(key);
    const keepDays = settings.observationsKeepDays;
    const datastreams = () => registry.list('datastream');
    const marksOf = createMarker(derivations, (key) => datastreamOf(key)?.property);
    this.#home = openHome(settings.influxdb, { stores, together, datastreamOf, datastreams, keepDays, marksOf });
    const { observations, rollups, mirror, commit } = this.#home;
    const projectorDeps = {
      journal: stores.journal,
      observations,
      work: stores.work,
      downlinks: stores.downlinks,
      details: stores.details,
      registryStore: stores.registry,
      registry,
      catalogue,
      adapters: networkAdapters,
      clock: Date.now,
      together,
      commit,
      marksOf,
      onStored: (stored: StoredBatch) => this.#stored(stored),
    };
    this.#projector = new Projector(projectorDeps);
    this.#replays = new Replays({
      ...projectorDeps,
      projector: this.#projector,
      bookmarks: stores.journal,
      newId: randomUUID,
      openCandidate: (candidate) => parts.shelf.candidate(candidate),
    });
    this.#runner = new DerivationRunner({
      derivations,
      observations,
      rollups,
      events: stores.events,
      ...(mirror && { mirror }),
      registry,
      work: stores.work,
      keptSince: () => keptSince(keepDays, Date.now()),
      commit,
    });
    this.#projection = new Projection({
      settings,
      home: this.#home,
      journal: stores.journal,
      projector: this.#projector,
      replays: this.#replays,
      runner: this.#runner,
      states: this.#states,
      clock: Date.now,
      wake: () => this.#wake?.(),
    });
    this.#methods = createMethods({ ...parts, home: this.#home, projector: this.#projector, replays: this.#replays });
    this.#states.set('journal', true, 'Uplinks are written');
  }

  receive(message: ToEngine): void {
    if (message.type === 'intake') this.#batches.push(message);
    else if (message.type === 'call') this.#calls.push(message);
    else this.#stopped = true;
    this.#wake?.();
  }

  /** Works until it is told to stop. */
  async run(): Promise<void> {
    await this.#replays.load();
    this.#parts.post({ type: 'profiles', profiles: this.#parts.shelf.profiles });
    this.#parts.post({ type: 'started', changes: allEntries(this.#parts.registry) });
    while (!this.#stopped || this.#batches.length > 0) {
      const busy = await this.#turn();
      this.#reportStats();
      if (busy) await (this.#isTrickle ? pause(GATHER_MS) : nextTurn());
      else await this.#rest();
    }
    await this.#finish();
  }

  close(): void {
    this.#parts.stores.database.close();
  }

  /** One round: what somebody waits for first, then the rest of the work, which nobody may wait for if it is done elsewhere. */
  async #turn(): Promise<boolean> {
    this.#isTrickle = false;
    this.#arrived = 0;
    const arrives = this.#batches.length > 0;
    if (arrives) await this.#append(this.#batches.splice(0));
    const answered = await this.#answerOne((method) => !settledMethods.has(method));
    if (!this.#home.isElsewhere) return (await this.#work()) || arrives || answered;
    if (this.#working) return arrives || answered;
    const didSomething = this.#workDone;
    this.#workDone = false;
    this.#working = this.#work();
    void this.#working.then((did) => {
      this.#working = undefined;
      this.#workDone = did;
      // Not within what has just been done: the database's transactions are not to meet.
      setImmediate(() => (did ? this.#wake?.() : this.#rearm?.()));
    });
    return arrives || answered || didSomething;
  }

  async #work(): Promise<boolean> {
    const answered = await this.#answerOne((method) => settledMethods.has(method));
    const arrivals = { arrived: this.#arrived, moreToCome: this.#batches.length > 0 };
    return (await this.#projection.step(arrivals)) || answered;
  }

  /** What is under way may end; what hangs is ended. */
  async #finish(): Promise<void> {
    const underWay = Promise.all([this.#working, this.#projection.stop()]);
    if (this.#home.isElsewhere) await Promise.race([underWay, pause(STOP_WAITS_MS)]);
    this.#home.close();
    await underWay;
  }

  /** Answers the oldest call of the methods asked for. */
  async #answerOne(isAsked: (method: string) => boolean): Promise<boolean> {
    const index = this.#calls.findIndex(({ method }) => isAsked(method));
    const [call] = index < 0 ? [] : this.#calls.splice(index, 1);
    if (!call) return false;
    this.#parts.post(settledMethods.has(call.method) ? await this.#answerSettled(call) : await this.#answer(call));
    return true;
  }

  #answer(call: CallMessage): Promise<ResultMessage> {
    return answer(call, this.#methods);
  }

  /** Such a command sees everything that was worked out before it: a change of the registry must find what it has to replay. */
  async #answerSettled(call: CallMessage): Promise<ResultMessage> {
    try {
      await this.#projection.settle();
    } catch (thrown) {
      this.#failed('projection', thrown);
      return { type: 'result', id: call.id, error: packError(thrown) };
    }
    return this.#answer(call);
  }

  async #append(batches: readonly IntakeMessage[]): Promise<void> {
    const entries = batches.flatMap((batch) =>
      unpackIntake(batch).map((message) => prepareEntry(message, this.#intake)),
    );
    this.#arrived = entries.length;
    this.#isTrickle = entries.length < TRICKLE_ENTRIES;
    try {
      const results = await this.#timed(() => this.#parts.stores.journal.append(entries));
      for (const [i, result] of results.entries()) {
        const entry = entries[i];
        if (entry && 'position' in result) this.#projector.remember(result.position, entry);
      }
      this.#statistics.appended(entries, results);
      this.#states.set('journal', true, 'Uplinks are written');
      this.#acknowledge(batches, results);
    } catch (thrown) {
      this.#failed('journal', thrown);
      const error = packError(thrown);
      for (const { id } of batches) this.#parts.post({ type: 'receipts', id, error });
    }
  }

  #acknowledge(batches: readonly IntakeMessage[], results: readonly AppendResult[]): void {
    let offset = 0;
    for (const { id, lengths } of batches) {
      const positions = new Float64Array(lengths.length);
      for (let i = 0; i < lengths.length; i++) {
        const result = results[offset + i] as AppendResult;
        positions[i] = 'position' in result ? result.position : -result.duplicateOf;
      }
      offset += lengths.length;
      this.#parts.post({ type: 'receipts', id, positions }, [positions.buffer]);
    }
  }

  #stored({ observations, changes, settled }: StoredBatch): void {
    this.#statistics.projected(settled, observations.length);
    if (changes.length > 0) this.#parts.post({ type: 'registry', changes });
    if (observations.length > 0) {
      const rows = packStored(observations);
      this.#parts.post({ type: 'stored', rows }, [rows.buffer as ArrayBuffer]);
    }
    const written = settled.filter(({ kind }) => kind === 'writing');
    if (written.length > 0) this.#parts.post({ type: 'written', settled: written });
  }

  /** Waits for a message, or for the time to look again. */
  async #rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      this.#rearm = () => {
        clearTimeout(timer);
        timer = setTimeout(resolve, Math.min(STATS_EVERY, this.#working ? STATS_EVERY : this.#dueInMs()));
      };
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#rearm();
    });
    this.#rearm = undefined;
    this.#wake = undefined;
    await this.#probe();
  }

  #dueInMs(): number {
    if (this.#calls.length > 0 || this.#workDone) return 0;
    return this.#projection.dueInMs ?? STATS_EVERY;
  }

  /** While the journal cannot be written nobody sends, so that only a try of its own shows that space has returned. */
  async #probe(): Promise<void> {
    if (this.#states.isReady('journal')) return;
    try {
      this.#parts.stores.database.transaction(() => {
        this.#parts.stores.database.exec(
          'CREATE TABLE IF NOT EXISTS probe (bytes BLOB); INSERT INTO probe VALUES (zeroblob(262144)); DROP TABLE probe;',
        );
      });
      this.#states.set('journal', true, 'Uplinks are written');
    } catch (thrown) {
      this.#failed('journal', thrown);
    }
  }

  async #timed<T>(work: () => Promise<T>): Promise<T> {
    const begin = performance.now();
    const result = await work();
    this.#statistics.committed(performance.now() - begin);
    return result;
  }

  #failed(part: 'journal' | 'projection', thrown: unknown): void {
    const { code, message } = asHubError(thrown);
    this.#states.set(part, false, `${code}: ${message}`);
    this.#reportStats(true);
  }

  #reportStats(now = false): void {
    const time = Date.now();
    if (!now && time - this.#lastStats < STATS_EVERY) return;
    this.#lastStats = time;
    const { failing } = this.#runner;
    this.#states.set(
      'derivations',
      true,
      failing === 0 ? 'Derived figures are kept' : `${failing} windows cannot be derived`,
    );
    this.#reportCodecs();
    void this.#postStats();
  }

  #reportCodecs(): void {
    const { failing, profiles } = this.#parts.shelf;
    if (profiles.length + failing.length === 0) return;
    this.#states.set('codecs', true, failing.length === 0 ? `${profiles.length} uploaded codecs` : failing.join('; '));
  }

  async #postStats(): Promise<void> {
    const { stores, post } = this.#parts;
    const head = await stores.journal.head();
    const cursor = await this.#projector.cursor();
    const dirty = await stores.work.dirtyCount();
    post({ type: 'stats', states: this.#states.list(), head, cursor, dirty, ...this.#statistics.take() });
  }
}
