import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { createMarker, type Derivation } from '../derive/definition.ts';
import { qualityDerivation } from '../derive/quality.ts';
import { DerivationRunner } from '../derive/runner.ts';
import { loadCatalogue } from '../devices/catalogue.ts';
import { CatalogueIndex } from '../devices/catalogue-index.ts';
import { type IntakeOptions, prepareEntry } from '../ingest/intake.ts';
import { adaptersOf } from '../ingest/networks/adapters.ts';
import { Projector, type StoredBatch } from '../ingest/projector.ts';
import { Replays } from '../ingest/replay.ts';
import { asHubError } from '../model/errors.ts';
import { DAY, SECOND } from '../model/time.ts';
import { openStores } from '../store/embedded/stores.ts';
import type { AppendResult } from '../store/journal.ts';
import { allEntries, RegistryIndex } from '../store/registry-index.ts';
import { CodecShelf } from './foreign-codecs.ts';
import { packStored, unpackIntake } from './packing.ts';
import type { EngineSettings, FromEngine, IntakeMessage, ToEngine } from './protocol.ts';
import { answer, type CallMessage, type Methods, packError, type ResultMessage } from './rpc.ts';
import { PartStates } from './state.ts';
import { Statistics } from './statistics.ts';
import { createMethods } from './writer-methods.ts';

type Post = (message: FromEngine, transfer?: readonly ArrayBuffer[]) => void;

/** Entries that one turn works out at least; more only where more arrived in it, so that the projection keeps up. */
const DIGEST_STEP = 500;
/** While uplinks keep coming, observations are written when so many entries, or milliseconds, have gathered. */
const FLUSH_ENTRIES = 6_000;
const FLUSH_MS = 400;
/** Dirty windows that one derivation step recomputes. */
const DERIVATION_STEP = 8;
const PRUNE_STEP = 2_000;
/** A commit costs the same for one uplink and for fifty: while few come, the next batch is given a moment to gather. */
const TRICKLE_ENTRIES = 50;
const GATHER_MS = 2;
const STATS_EVERY = SECOND;
const RETRY_AFTER = SECOND;
const PRUNE_EVERY = 60 * SECOND;

const derivations: readonly Derivation[] = [qualityDerivation];

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
  readonly #projector: Projector;
  readonly #replays: Replays;
  readonly #runner: DerivationRunner;
  readonly #methods: Methods;
  readonly #states = new PartStates(Date.now);
  readonly #statistics = new Statistics();
  readonly #batches: IntakeMessage[] = [];
  readonly #calls: CallMessage[] = [];
  #wake: (() => void) | undefined;
  #stopped = false;
  #lastStats = 0;
  #lastPrune = 0;
  #restUntil = 0;
  #isTrickle = false;
  /** Messages appended in this turn. */
  #arrived = 0;
  #pendingSince: number | undefined;

  constructor(parts: WriterParts) {
    this.#parts = parts;
    const { settings, stores, registry, catalogue } = parts;
    const networkAdapters = adaptersOf(settings.networks);
    this.#intake = { adapters: networkAdapters, maxBodyBytes: settings.maxBodyBytes };
    const together = <T>(work: () => Promise<T>) => this.#timed(() => stores.database.together(work));
    const propertyOf = (key: number) => this.#projector.registrar.datastream(key)?.property;
    const projectorDeps = {
      journal: stores.journal,
      observations: stores.observations,
      work: stores.work,
      downlinks: stores.downlinks,
      registryStore: stores.registry,
      registry,
      catalogue,
      adapters: networkAdapters,
      clock: Date.now,
      together,
      marksOf: createMarker(derivations, propertyOf),
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
      observations: stores.observations,
      registry,
      work: stores.work,
      together,
    });
    this.#methods = createMethods({ ...parts, projector: this.#projector, replays: this.#replays });
    this.#states.set('journal', true, 'Uplinks are written');
    this.#states.set('projection', true, 'Observations are written');
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
  }

  close(): void {
    this.#parts.stores.database.close();
  }

  /** One round: what somebody waits for first, then the projection, then what can wait. */
  async #turn(): Promise<boolean> {
    let busy = false;
    this.#isTrickle = false;
    this.#arrived = 0;
    if (this.#batches.length > 0) {
      await this.#append(this.#batches.splice(0));
      busy = true;
    }
    const call = this.#calls.shift();
    if (call) {
      this.#parts.post(await this.#answer(call));
      busy = true;
    }
    if (Date.now() < this.#restUntil) return busy;
    try {
      if (await this.#project()) busy = true;
      if (this.#projector.pending === 0 && (await this.#replays.step())) busy = true;
      if (!busy && (await this.#runner.step(DERIVATION_STEP)) > 0) busy = true;
      if (!busy) await this.#prune();
      if (!this.#states.isReady('projection')) this.#recovered();
    } catch (thrown) {
      this.#failed('projection', thrown);
      this.#restUntil = Date.now() + RETRY_AFTER;
    }
    return busy;
  }

  /** A command sees everything that was worked out before it: a change of the registry must find what it has to replay. */
  async #answer(call: CallMessage): Promise<ResultMessage> {
    try {
      await this.#projector.flush();
    } catch (thrown) {
      this.#failed('projection', thrown);
      return { type: 'result', id: call.id, error: packError(thrown) };
    }
    return answer(call, this.#methods);
  }

  async #project(): Promise<boolean> {
    const step = Math.max(DIGEST_STEP, this.#arrived);
    const digested = await this.#projector.digest(step);
    const { pending } = this.#projector;
    if (pending === 0) return digested > 0;
    const now = Date.now();
    this.#pendingSince ??= now;
    const moreToCome = digested === step || this.#batches.length > 0;
    if (moreToCome && pending < FLUSH_ENTRIES && now - this.#pendingSince < FLUSH_MS) return true;
    this.#pendingSince = undefined;
    await this.#projector.flush();
    return true;
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

  #stored({ observations, outcomes, changes, settled }: StoredBatch): void {
    this.#statistics.projected(outcomes, observations.length);
    for (const { outcome, code } of settled) if (outcome === 'deadLetter' && code) this.#statistics.deadLetter(code);
    if (changes.length > 0) this.#parts.post({ type: 'registry', changes });
    if (observations.length === 0) return;
    const rows = packStored(observations);
    this.#parts.post({ type: 'stored', rows }, [rows.buffer as ArrayBuffer]);
  }

  async #prune(): Promise<void> {
    const now = Date.now();
    if (now - this.#lastPrune < PRUNE_EVERY) return;
    this.#lastPrune = now;
    const { settings, stores } = this.#parts;
    const { journalKeepDays, observationsKeepDays } = settings;
    if (
      journalKeepDays !== null &&
      (await stores.journal.prune(now - journalKeepDays * DAY, PRUNE_STEP)) === PRUNE_STEP
    ) {
      this.#lastPrune = 0;
    }
    if (observationsKeepDays !== null) await stores.observations.prune(now - observationsKeepDays * DAY);
  }

  /** Waits for a message, or for the time to look again. */
  async #rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      const untilRetry = this.#restUntil - Date.now();
      const timer = setTimeout(resolve, untilRetry > 0 ? Math.min(STATS_EVERY, untilRetry) : STATS_EVERY);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
    await this.#probe();
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

  #recovered(): void {
    this.#states.set('projection', true, 'Observations are written');
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
