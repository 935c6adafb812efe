import type { Catalogue } from '../devices/catalogue.ts';
import { advanceDownlink } from '../model/downlink.ts';
import type { Observation } from '../model/observation.ts';
import { type EpochMs, HOUR } from '../model/time.ts';
import type { ParsedMessage } from '../model/uplink.ts';
import type { Instant } from '../store/derivation.ts';
import type { DetailStore } from '../store/details.ts';
import type { DownlinkStore } from '../store/downlinks.ts';
import type { Entry, Journal, NewEntry, Outcome, Position, Settlement } from '../store/journal.ts';
import type { ObservationStore, Rejection } from '../store/observations.ts';
import type { RegistryChange, RegistryStore } from '../store/registry.ts';
import type { RegistryIndex } from '../store/registry-index.ts';
import type { CodecState, Commit, DirtyMark, WorkStore } from '../store/work.ts';
import { DatastreamRegistrar } from './datastream-registrar.ts';
import type { EntryResult } from './entry-result.ts';
import { parseMessage } from './intake.ts';
import type { NetworkAdapter } from './networks/adapter.ts';
import { settleEntry } from './settle.ts';
import { type WrittenBeside, writtenBeside } from './settle-writing.ts';
import type { PipelineContext } from './step.ts';

/** Name of the cursor: observations are a projection of the journal. */
export const PROJECTION = 'observations';

/** Parsed messages kept from their arrival to their projection, so that an envelope is parsed once. */
const REMEMBERED = 8_000;

/** Remembered entries need no bytes: they are parsed already. */
const NO_BODY = new Uint8Array(0);

export interface ProjectorDeps {
  readonly journal: Journal;
  readonly observations: ObservationStore;
  readonly work: WorkStore;
  readonly downlinks: DownlinkStore;
  readonly details: DetailStore;
  readonly registryStore: RegistryStore;
  readonly registry: RegistryIndex;
  readonly catalogue: Catalogue;
  readonly adapters: ReadonlyMap<string, NetworkAdapter>;
  readonly clock: () => EpochMs;
  /** Runs writes of the hub's own as one transaction. */
  readonly together: <T>(work: () => Promise<T>) => Promise<T>;
  /** Writes one batch, its observations first. */
  readonly commit: Commit;
  /** The derived figures that new observations make stale. */
  readonly marksOf: (observations: readonly Instant[]) => DirtyMark[];
  /** After the commit. */
  readonly onStored: (stored: StoredBatch) => void;
}

export interface StoredBatch {
  readonly observations: readonly Observation[];
  /** Datastreams and device things that came with it. */
  readonly changes: readonly RegistryChange[];
  readonly settled: readonly Settlement[];
}

interface StoreRequest<T> {
  readonly results: readonly EntryResult[];
  /** New place of the cursor; 0 leaves it. */
  readonly advanceTo: Position;
  /** What must be stored with it. */
  readonly progress: () => Promise<T>;
}

interface FloodCount {
  readonly hour: number;
  readonly count: number;
}
type FloodCounts = Map<string, FloodCount | undefined>;

/** A batch as the store took it. */
interface Stored {
  readonly results: readonly EntryResult[];
  readonly observations: readonly Observation[];
}

/** An uplink with a value that the store does not take is a dead letter; its other values stay. */
const withoutRejected = (results: readonly EntryResult[], rejected: readonly Rejection[]): Stored => {
  const reasons = new Map(rejected.map(({ observation, reason }) => [observation, reason]));
  const kept = results.map((result): EntryResult => {
    const observations = result.observations.filter((observation) => !reasons.has(observation));
    const refused = result.observations.find((observation) => reasons.has(observation));
    if (!refused) return result;
    const detail = reasons.get(refused) ?? '';
    const settlement = { ...result.settlement, outcome: 'deadLetter', code: 'HUB_STORE_REJECTED', detail } as const;
    return { ...result, settlement, observations };
  });
  return { results: kept, observations: kept.flatMap(({ observations }) => observations) };
};

/** Turns the journal into observations, batch by batch behind a cursor: may stop, start again and repeat itself anywhere. */
export class Projector {
  readonly #deps: ProjectorDeps;
  readonly #registrar: DatastreamRegistrar;
  readonly #parsed = new Map<Position, { readonly entry: Entry; readonly message: ParsedMessage }>();
  readonly #states = new Map<string, CodecState | null>();
  readonly #uplinksInHour = new Map<string, FloodCount>();
  #cursor: Position | undefined;
  #pending: EntryResult[] = [];
  #pendingTo: Position | undefined;
  /** Up to where a flush under way will have come. */
  #flushingTo: Position | undefined;
  /** Flood counts as they were before the entries that are worked out, and before those of the flush under way. */
  #countsBeforePending: FloodCounts = new Map();
  #countsBeforeFlush: FloodCounts = new Map();

  constructor(deps: ProjectorDeps) {
    this.#deps = deps;
    this.#registrar = new DatastreamRegistrar(deps.registry);
  }

  get registrar(): DatastreamRegistrar {
    return this.#registrar;
  }

  /** Keeps what was parsed at arrival; forgetting is harmless, the journal holds the bytes. */
  remember(position: Position, { network, arrivedAt, message }: NewEntry): void {
    if (this.#parsed.size >= REMEMBERED) return;
    const devEui = message.kind === 'unparsable' ? undefined : message.devEui;
    const entry: Entry = {
      position,
      network,
      arrivedAt,
      kind: message.kind,
      body: NO_BODY,
      corrupt: false,
      ...(devEui !== undefined && { devEui }),
    };
    this.#parsed.set(position, { entry, message });
  }

  async cursor(): Promise<Position> {
    this.#cursor ??= await this.#deps.journal.cursor(PROJECTION);
    return this.#cursor;
  }

  /** Works out what up to `limit` further entries come to, without writing it; answers how many there were. */
  async digest(limit: number): Promise<number> {
    const from = this.#pendingTo ?? this.#flushingTo ?? (await this.cursor());
    const fresh = this.#remembered(from, limit);
    const entries = fresh.length > 0 ? fresh : await this.#deps.journal.read(from, limit);
    const last = entries.at(-1);
    if (!last) return 0;
    // Unparsable and ignored messages were settled when they arrived.
    const open = entries.filter((entry) => entry.kind !== 'unparsable' && entry.kind !== 'ignored');
    this.#pending.push(...(await this.#settle(open, true)));
    for (const entry of entries) this.#parsed.delete(entry.position);
    this.#pendingTo = last.position;
    return entries.length;
  }

  /** Entries worked out and not yet on their way into the store. */
  get pending(): number {
    return this.#pendingTo === undefined ? 0 : this.#pendingTo - (this.#flushingTo ?? this.#cursor ?? 0);
  }

  /**
   * Writes what was worked out: the more at once, the fewer pages are written twice. Further entries may be worked out
   * meanwhile, but one flush goes after the other. If it throws, all that was worked out is forgotten.
   */
  async flush(): Promise<void> {
    const advanceTo = this.#pendingTo;
    if (advanceTo === undefined) return;
    const results = this.#pending;
    this.#pending = [];
    this.#pendingTo = undefined;
    this.#flushingTo = advanceTo;
    this.#countsBeforeFlush = this.#countsBeforePending;
    this.#countsBeforePending = new Map();
    await this.#store({ results, advanceTo, progress: async () => undefined });
    this.#cursor = advanceTo;
    this.#flushingTo = undefined;
    this.#countsBeforeFlush.clear();
  }

  /** Drops what was worked out and not yet written: it will be worked out again, e.g. by a registry that has changed. */
  forget(): void {
    // Everything behind the cursor is worked out again, and counted again: some of it may have been written elsewhere.
    for (const counts of [this.#countsBeforePending, this.#countsBeforeFlush]) {
      for (const [devEui, count] of counts) {
        if (count) this.#uplinksInHour.set(devEui, count);
        else this.#uplinksInHour.delete(devEui);
      }
      counts.clear();
    }
    this.#registrar.discard();
    this.#states.clear();
    this.#pending = [];
    this.#pendingTo = undefined;
    this.#flushingTo = undefined;
  }

  /** Reads one entry again outside the order of the cursor, e.g. a dead letter to be retried. */
  async retry(entry: Entry): Promise<Outcome> {
    await this.flush();
    const results = await this.#settle([entry], false);
    const { stored } = await this.#store({ results, advanceTo: 0, progress: async () => undefined });
    return (stored.results[0] as EntryResult).settlement.outcome;
  }

  /** A replay has computed a device's state anew. */
  setState(devEui: string, state: CodecState): void {
    this.#states.set(devEui, state);
  }

  async #settle(entries: readonly Entry[], limited: boolean): Promise<EntryResult[]> {
    await this.#loadStates(entries);
    const now = this.#deps.clock();
    const context = this.context(limited);
    return entries.map((entry) => {
      const result = settleEntry(entry, this.parse(entry), { context, now });
      if (result.state) this.#states.set(result.state.devEui, result.state);
      return result;
    });
  }

  /** The entries right behind the cursor, as far as they are still remembered: what just arrived needs no reading. */
  #remembered(from: Position, limit: number): Entry[] {
    const entries: Entry[] = [];
    for (let position = from + 1; entries.length < limit; position++) {
      const known = this.#parsed.get(position);
      if (!known) break;
      entries.push(known.entry);
    }
    return entries;
  }

  parse(entry: Entry): ParsedMessage {
    return this.#parsed.get(entry.position)?.message ?? parseMessage(this.#deps.adapters.get(entry.network), entry);
  }

  context(limited: boolean): PipelineContext {
    const { registry, catalogue } = this.#deps;
    return {
      registry,
      catalogue,
      registrar: this.#registrar,
      state: (devEui, profile) => {
        const known = this.#states.get(devEui);
        return known?.profile === profile ? known.state : undefined;
      },
      ...(limited && { exceedsLimit: (devEui, at, perHour) => this.#exceeds(devEui, at, perHour) }),
    };
  }

  /** Stores what a replay computed, together with the replay's own progress. */
  async storeReplayed<T>(results: readonly EntryResult[], progress: () => Promise<T>): Promise<T> {
    return (await this.#store({ results, advanceTo: 0, progress })).done;
  }

  async #store<T>({ results, advanceTo, progress }: StoreRequest<T>): Promise<{ done: T; stored: Stored }> {
    const { observations, commit } = this.#deps;
    const written = writtenBeside(results);
    const all = results.flatMap((result) => result.observations);
    const batch = written ? all.filter((observation) => !written.isTakenAway(observation)) : all;
    let stored: Stored = { results, observations: batch };
    let changes: readonly RegistryChange[] = [];
    try {
      const done = await commit({
        elsewhere: async () => {
          const { rejected } = await observations.append(batch);
          if (rejected.length > 0) stored = withoutRejected(results, rejected);
          if (written) await this.#takeAway(written);
        },
        here: async () => {
          // Also those of entries that were worked out meanwhile.
          changes = this.#registrar.changes;
          await this.#note(stored, { changes, advanceTo });
          if (written) await this.#noteDetails(written);
          return progress();
        },
      });
      this.#registrar.settle();
      this.#report(stored, changes);
      return { done, stored };
    } catch (thrown) {
      this.forget();
      throw thrown;
    }
  }

  /** What was written later than the removal stays. */
  async #takeAway({ removed }: WrittenBeside): Promise<void> {
    if (removed.length === 0) return;
    const { observations } = this.#deps;
    const positions = new Map(removed.map((place) => [`${place.datastream} ${place.phenomenonTime}`, place.position]));
    const held = await observations.heldAt(
      removed.map(({ datastream, phenomenonTime: time }) => ({ datastream, time })),
    );
    const gone = held.filter(
      ({ datastream, phenomenonTime, position }) => position <= (positions.get(`${datastream} ${phenomenonTime}`) ?? 0),
    );
    await observations.remove(gone.map(({ datastream, phenomenonTime: time }) => ({ datastream, time })));
  }

  async #noteDetails({ puts, removed }: WrittenBeside): Promise<void> {
    const { details, work, marksOf } = this.#deps;
    await details.remove([...removed, ...puts.filter(({ detail }) => !detail)]);
    await details.put(puts.flatMap(({ detail, ...place }) => (detail ? [{ ...place, detail }] : [])));
    await work.markDirty(marksOf(removed));
  }

  /** What the hub itself notes of a batch whose observations are stored. */
  async #note(
    { results, observations }: Stored,
    { changes, advanceTo }: { changes: readonly RegistryChange[]; advanceTo: Position },
  ): Promise<void> {
    const { journal, work, registryStore, marksOf } = this.#deps;
    if (changes.length > 0) await registryStore.apply(changes);
    // Marks and datastreams before the cursor passes what made them.
    await work.markDirty(marksOf(observations));
    const states = advanceTo > 0 ? results.flatMap((result) => (result.state ? [result.state] : [])) : [];
    if (states.length > 0) await work.saveCodecStates(states);
    for (const result of results) if (result.downlink) await this.#noteDownlink(result);
    const settlements = results.map((result) => result.settlement);
    await journal.advance(PROJECTION, advanceTo, settlements);
  }

  /** Only the network that an order went through says what became of it. */
  async #noteDownlink({ downlink, settlement: { network, devEui } }: EntryResult): Promise<void> {
    const { downlinks } = this.#deps;
    const order = downlink && (await downlinks.order(downlink.id));
    if (!order || order.network !== network || order.device !== devEui) return;
    const { state, at, detail } = downlink;
    const next = advanceDownlink(order, { state, at, by: network, detail });
    if (next) await downlinks.put(next);
  }

  #report({ results, observations }: Stored, changes: readonly RegistryChange[]): void {
    this.#deps.onStored({ observations, changes, settled: results.map((result) => result.settlement) });
  }

  async #loadStates(entries: readonly Entry[]): Promise<void> {
    for (const { devEui } of entries) {
      if (devEui === undefined || this.#states.has(devEui)) continue;
      const profile = this.#deps.registry.get('device', devEui)?.profile;
      const horizon = profile === undefined ? 0 : (this.#deps.catalogue.get(profile)?.profile.stateHorizonS ?? 0);
      if (horizon > 0) this.#states.set(devEui, (await this.#deps.work.codecState(devEui)) ?? null);
    }
  }

  /** Counts by the network's hour of receipt, so that a replayed backlog is not a flood. */
  #exceeds(devEui: string, receivedAt: EpochMs, perHour: number): boolean {
    const hour = Math.floor(receivedAt / HOUR);
    const seen = this.#uplinksInHour.get(devEui);
    if (!this.#countsBeforePending.has(devEui)) this.#countsBeforePending.set(devEui, seen);
    const count = seen?.hour === hour ? seen.count + 1 : 1;
    this.#uplinksInHour.set(devEui, { hour, count });
    return count > perHour;
  }
}
