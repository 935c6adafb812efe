import type { DerivationRunner } from '../derive/runner.ts';
import type { Projector } from '../ingest/projector.ts';
import type { Replays } from '../ingest/replay.ts';
import { asHubError } from '../model/errors.ts';
import { DAY, SECOND } from '../model/time.ts';
import type { SqliteJournal } from '../store/embedded/journal.ts';
import { BackOff } from './back-off.ts';
import { keptSince, type ObservationHome } from './observation-home.ts';
import type { EngineSettings } from './protocol.ts';
import type { PartStates } from './state.ts';

/** Entries that one turn works out at least; more only where more arrived in it, so that the projection keeps up. */
const DIGEST_STEP = 500;
/** While uplinks keep coming, observations are written when so many entries, or milliseconds, have gathered. */
const FLUSH_ENTRIES = 6_000;
const FLUSH_MS = 400;
/** A server elsewhere gains nothing from larger requests, while what waits for its answer costs memory. */
const FLUSH_ENTRIES_ELSEWHERE = 2_000;
/** Such a server pays for every request: while few uplinks come, this many milliseconds of them go together. */
const GATHER_ELSEWHERE_MS = 40;
/** Dirty windows that one derivation step recomputes. */
const DERIVATION_STEP = 8;
/** The same elsewhere, where they are asked for at once. */
const DERIVATION_STEP_ELSEWHERE = 40;
/** What is new waits for a step of derivations: on a slow line one begins nothing more after this time. */
const DERIVATION_TURN_MS = SECOND;
/** A server elsewhere shall have time for others too: after a step derivations rest for this share of its duration. */
const DERIVATION_REST = 0.5;
/** Uplinks come first, but while they come without a pause replays and derivations get a step so often. */
const OTHERS_WAIT_MS = 2 * SECOND;
/** Pauses between steps in advance, for each takes some 50 ms, and until it is looked whether there are new ones. */
const AHEAD_PAUSE_MS = 500;
const AHEAD_EVERY_MS = 60 * SECOND;
const PRUNE_STEP = 2_000;
const PRUNE_EVERY = 60 * SECOND;

interface ProjectionDeps {
  readonly settings: EngineSettings;
  readonly home: ObservationHome;
  readonly journal: SqliteJournal;
  readonly projector: Projector;
  readonly replays: Replays;
  readonly runner: DerivationRunner;
  readonly states: PartStates;
  readonly clock: () => number;
  /** There may be something to do before anybody calls. */
  readonly wake: () => void;
}

/** How much came since the last step, and whether more is waiting. */
interface Arrivals {
  readonly arrived: number;
  readonly moreToCome: boolean;
}

/** Turns the journal into observations and derived figures, step by step; holds its own back-off while the store is away. */
export class Projection {
  readonly #deps: ProjectionDeps;
  readonly #backOff = new BackOff(Math.random);
  readonly #flushEntries: number;
  #prepared = false;
  #failedBefore = false;
  #restUntil = 0;
  #pendingSince: number | undefined;
  #lastFlush = 0;
  #deriveFrom = 0;
  #lastPrune = 0;
  #aheadFrom = 0;
  /** When replays and derivations last had their turn. */
  #lastOthers = 0;
  /** A flush that nobody waits for; never rejects. */
  #flushing: Promise<void> | undefined;

  constructor(deps: ProjectionDeps) {
    this.#deps = deps;
    this.#flushEntries = deps.home.isElsewhere ? FLUSH_ENTRIES_ELSEWHERE : FLUSH_ENTRIES;
    deps.states.set('projection', !deps.home.isElsewhere, `Observations go to the ${deps.home.name} store`);
  }

  /** Milliseconds until there may be something to do without anybody calling; undefined if nothing waits. */
  get dueInMs(): number | undefined {
    const now = this.#deps.clock();
    if (now < this.#restUntil) return this.#restUntil - now;
    // Its end wakes.
    if (this.#flushing) return undefined;
    if (this.#deps.projector.pending > 0) return Math.max(0, this.#lastFlush + GATHER_ELSEWHERE_MS - now);
    return now < this.#deriveFrom ? this.#deriveFrom - now : undefined;
  }

  /** One step: first what is new, then what was asked to be done again, then what follows from it. Answers whether it did something. */
  async step(arrivals: Arrivals): Promise<boolean> {
    const { projector, replays } = this.#deps;
    if (this.#deps.clock() < this.#restUntil) return false;
    try {
      if (!this.#prepared) await this.#prepare();
      else if (this.#failedBefore) await this.#deps.home.recover();
      this.#failedBefore = false;
      const digested = await this.#project(arrivals);
      const mustWait = digested || projector.pending > 0 || this.#flushing !== undefined;
      if (mustWait && this.#deps.clock() - this.#lastOthers < OTHERS_WAIT_MS) return digested;
      if (mustWait && !(await this.#clear())) return digested;
      this.#lastOthers = this.#deps.clock();
      const busy = (await replays.step()) || (await this.#derive());
      if (!busy) await this.#tidy();
      this.#succeeded();
      return busy || digested;
    } catch (thrown) {
      this.#failed(thrown);
      return false;
    }
  }

  /** Nothing else writes observations while replays and derivations do. Answers false where what was under way failed. */
  async #clear(): Promise<boolean> {
    await this.#flushing;
    if (this.#deps.clock() < this.#restUntil) return false;
    this.#pendingSince = undefined;
    await this.#deps.projector.flush();
    return true;
  }

  async #derive(): Promise<boolean> {
    const { runner, home, clock } = this.#deps;
    const begin = clock();
    if (begin < this.#deriveFrom) return false;
    const isEnough = () => clock() - begin >= DERIVATION_TURN_MS;
    const computed = await runner.step(home.isElsewhere ? DERIVATION_STEP_ELSEWHERE : DERIVATION_STEP, isEnough);
    if (home.isElsewhere && computed > 0) this.#deriveFrom = clock() + DERIVATION_REST * (clock() - begin);
    return computed > 0;
  }

  /** For commands: everything that was worked out is stored, or will be worked out again. */
  async settle(): Promise<void> {
    const { projector, home } = this.#deps;
    await this.#flushing;
    if (home.isElsewhere) projector.forget();
    else await projector.flush();
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    await this.#flushing;
  }

  async #prepare(): Promise<void> {
    const faults = await this.#deps.home.prepare();
    this.#prepared = true;
    const { states, home } = this.#deps;
    states.set('store', true, faults.length === 0 ? `The ${home.name} store is in order` : faults.join('; '));
  }

  async #project({ arrived, moreToCome }: Arrivals): Promise<boolean> {
    const { projector, home, clock } = this.#deps;
    if (this.#flushing && projector.pending >= this.#flushEntries) {
      await this.#flushing;
      return true;
    }
    const step = Math.max(DIGEST_STEP, arrived);
    const digested = await projector.digest(step);
    if (projector.pending === 0) return digested > 0;
    const now = clock();
    this.#pendingSince ??= now;
    const full = projector.pending >= this.#flushEntries || now - this.#pendingSince >= FLUSH_MS;
    if (!full && (digested === step || moreToCome)) return true;
    if (home.isElsewhere) return this.#flushElsewhere(digested);
    this.#pendingSince = undefined;
    await projector.flush();
    return true;
  }

  /** Goes on working things out while the server stores. */
  #flushElsewhere(digested: number): boolean {
    const { projector, clock, wake } = this.#deps;
    if (this.#flushing || clock() - this.#lastFlush < GATHER_ELSEWHERE_MS) return digested > 0;
    this.#lastFlush = clock();
    this.#pendingSince = undefined;
    this.#flushing = projector
      .flush()
      .then(
        () => this.#succeeded(),
        (thrown: unknown) => this.#failed(thrown),
      )
      .finally(() => {
        this.#flushing = undefined;
        wake();
      });
    return true;
  }

  #succeeded(): void {
    const { states, home } = this.#deps;
    this.#backOff.succeeded();
    if (!states.isReady('projection')) states.set('projection', true, `Observations go to the ${home.name} store`);
  }

  #failed(thrown: unknown): void {
    const { states, clock } = this.#deps;
    const { code, message } = asHubError(thrown);
    states.set('projection', false, `${code}: ${message}`);
    this.#restUntil = clock() + this.#backOff.after(thrown);
    this.#pendingSince = undefined;
    this.#failedBefore = true;
  }

  /** What can wait until nothing else is to be done. */
  async #tidy(): Promise<void> {
    const now = this.#deps.clock();
    await this.#prune(now);
    if (now < this.#aheadFrom) return;
    this.#aheadFrom = now + (this.#deps.home.prepareAhead(now) ? AHEAD_PAUSE_MS : AHEAD_EVERY_MS);
  }

  async #prune(now: number): Promise<void> {
    const { settings, journal, home } = this.#deps;
    if (now - this.#lastPrune < PRUNE_EVERY) return;
    this.#lastPrune = now;
    const { journalKeepDays, observationsKeepDays } = settings;
    if (journalKeepDays !== null && (await journal.prune(now - journalKeepDays * DAY, PRUNE_STEP)) === PRUNE_STEP) {
      this.#lastPrune = 0;
    }
    if (observationsKeepDays !== null) await home.prune(keptSince(observationsKeepDays, now));
  }
}
