import { isLater, type Observation } from '../../model/observation.ts';
import { DAY, type EpochMs, MINUTE } from '../../model/time.ts';
import type { Suspect, SuspectList } from '../observation-index.ts';
import type { DatastreamOf } from './known-datastream.ts';
import { lineOf } from './point.ts';
import type { PointReader, Stamp } from './point-reader.ts';

/** The journal, as far as observations were made of it. */
export interface Projected {
  /** Everything up to this position is written and noted. */
  cursor(): Promise<number>;
  /** The entries behind the cursor, and when the first of them came; undefined where there is none. */
  waiting(): Promise<{ readonly after: number; readonly to: number; readonly since: EpochMs } | undefined>;
  /** Observations at these places came or went without an uplink. */
  changed(places: readonly Pick<Observation, 'datastream' | 'phenomenonTime'>[]): Promise<void>;
}

/** What a place holds, and what shall stand there instead. */
export interface Change {
  readonly before: Observation;
  readonly after: Observation;
}

interface DoubtsDeps {
  readonly suspects: SuspectList;
  readonly reader: PointReader;
  readonly datastreamOf: DatastreamOf;
  readonly projected?: Projected | undefined;
  readonly clock: () => EpochMs;
}

/** How long before their arrival values were mostly measured; what is older is noted before it is sent. */
const USUAL_AGE = DAY;
const EARLIEST_KEPT = 10 * MINUTE;

/**
 * What a lost answer leaves behind. A request that fails may have been stored all the same, and when it is worked out
 * again the registry may have changed, so that the first try's points stay although nobody wants them. What may be so is
 * suspect until a later try writes it again, or until the cursor has passed it: then it goes.
 *
 * Noted in hub.db: before the request what replaces an observation or comes from a replay; after a failure the whole
 * batch. For a hub that ends in between nothing is noted, since that would cost a row for every value: such points
 * are looked for at the start, by their position, which lies behind the cursor.
 */
export class Doubts {
  readonly #deps: DoubtsDeps;
  /** Stored, and not yet noted in the hub's own database. */
  #unsaved: Observation[] = [];
  #mustLook = false;
  #earliestAt = Number.NEGATIVE_INFINITY;

  constructor(deps: DoubtsDeps) {
    this.#deps = deps;
  }

  /** Those of a batch at whose places something is in doubt. */
  among(batch: readonly Observation[]): Observation[] {
    const { suspects } = this.#deps;
    return suspects.isEmpty ? [] : batch.filter((one) => this.#at(one).length > 0);
  }

  /** Whether a point may be the one that an earlier try left. */
  has(held: Observation): boolean {
    return this.#at(held).some(({ position }) => position === held.position);
  }

  /** To be awaited before anything of a batch is changed elsewhere. */
  async before(winners: readonly Observation[], changes: readonly Change[]): Promise<void> {
    const { projected, suspects, clock } = this.#deps;
    if (!projected) return;
    const cursor = await projected.cursor();
    const replaced = new Map(changes.map(({ before, after }) => [after, before]));
    let oldest = Number.POSITIVE_INFINITY;
    const wanted: Suspect[] = [];
    for (const one of winners) {
      oldest = Math.min(oldest, one.phenomenonTime);
      const before = replaced.get(one);
      if (one.position > cursor && !before) continue;
      // A point that is written as it stands leaves nothing behind.
      if (before && lineOf('', before) === lineOf('', one)) continue;
      wanted.push(...this.#suspectsOf([one], before && this.#rootOf(before)));
    }
    suspects.note(wanted);
    const now = clock();
    if (oldest >= now - USUAL_AGE || oldest >= (suspects.earliest() ?? Number.POSITIVE_INFINITY)) return;
    this.#earliestAt = now;
    // With room, so that a backlog from its end to its beginning does not note each batch.
    suspects.setEarliest(oldest - USUAL_AGE);
  }

  /** The request failed, and may have been stored. */
  add(batch: readonly Observation[]): void {
    if (!this.#deps.projected) return;
    try {
      this.#deps.suspects.note(this.#suspectsOf(batch));
    } catch {
      // A disk that is full, say: nothing is written before it was looked what is there.
      this.#mustLook = true;
    }
  }

  written(batch: readonly Observation[]): void {
    if (this.#deps.projected) for (const one of batch) this.#unsaved.push(one);
  }

  /** Part of the transaction that moves the cursor: what was written is as it should be. */
  save(): void {
    const { suspects, clock } = this.#deps;
    if (!suspects.isEmpty) {
      const confirmed = this.#unsaved.flatMap((one) =>
        this.#at(one).filter(({ position }) => position === one.position),
      );
      suspects.release(confirmed);
    }
    this.#unsaved = [];
    if (clock() - this.#earliestAt < EARLIEST_KEPT || suspects.earliest() === undefined) return;
    suspects.setEarliest(undefined);
  }

  forget(): void {
    const unsaved = this.#unsaved;
    this.#unsaved = [];
    if (unsaved.length > 0) this.add(unsaved);
  }

  /** At the start: points of uplinks behind the cursor were sent by a hub that ended before it could note them. */
  async lookForLeftovers(): Promise<void> {
    const { projected, suspects, reader } = this.#deps;
    const waiting = await projected?.waiting();
    if (waiting) {
      const since = Math.min(waiting.since - USUAL_AGE, suspects.earliest() ?? Number.POSITIVE_INFINITY);
      suspects.note(await reader.ofUplinks(waiting, since));
    }
    if (projected && suspects.earliest() !== undefined) suspects.setEarliest(undefined);
    this.#mustLook = false;
  }

  async lookAgain(): Promise<void> {
    if (this.#mustLook) await this.lookForLeftovers();
  }

  /** What no try will write again. */
  async due(): Promise<Suspect[]> {
    const { projected, suspects } = this.#deps;
    return projected && !suspects.isEmpty ? suspects.upTo(await projected.cursor()) : [];
  }

  /** By what stands there now: which points must go, and what comes back. */
  judge(due: readonly Suspect[], held: readonly Stamp[]): { ghosts: Suspect[]; back: Observation[] } {
    const standing = new Map(held.map((stamp) => [placeOf(stamp), stamp]));
    const ghosts = due.filter((one) => standing.get(placeOf(one))?.position === one.position);
    const gone = new Set(ghosts.map(placeOf));
    const back = new Map<string, Observation>();
    for (const one of due) {
      const place = placeOf(one);
      const stays = gone.has(place) ? undefined : standing.get(place);
      const { before } = one;
      if (before && [stays, back.get(place)].every((rival) => !rival || isLater(before, rival)))
        back.set(place, before);
    }
    return { ghosts, back: [...back.values()] };
  }

  /** A point that is itself in doubt had replaced another one, perhaps: that is what counts. */
  #rootOf(before: Observation): Observation | undefined {
    const suspect = this.#at(before).find(({ position }) => position === before.position);
    return suspect ? suspect.before : before;
  }

  #suspectsOf(batch: readonly Observation[], before?: Observation): Suspect[] {
    return batch.flatMap(({ datastream, phenomenonTime: time, position }) => {
      const known = this.#deps.datastreamOf(datastream);
      if (!known) return [];
      const { id, property } = known;
      return [{ series: { id, property }, time, position, before }];
    });
  }

  #at({ datastream, phenomenonTime }: Observation): readonly Suspect[] {
    const series = this.#deps.datastreamOf(datastream);
    return series ? this.#deps.suspects.at(series, phenomenonTime) : [];
  }
}

const placeOf = ({ series, time }: Pick<Suspect, 'series' | 'time'>): string => `${time}|${series.id}`;
