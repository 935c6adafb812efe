import type { DeviceProfile } from '../devices/catalogue.ts';
import type { CatalogueIndex } from '../devices/catalogue-index.ts';
import type { CodecInput } from '../devices/codec.ts';
import { decodeFrame } from '../devices/decode.ts';
import { brokenForeign, type ForeignEntry, type ForeignVersion, openForeign } from '../devices/foreign.ts';
import { parseForeignCodec } from '../devices/foreign-schema.ts';
import { checkVectors } from '../devices/foreign-vectors.ts';
import type { Candidate, Replays } from '../ingest/replay.ts';
import { asHubError, HubError } from '../model/errors.ts';
import type { Codecs } from '../model/ports.ts';
import type { EpochMs } from '../model/time.ts';
import type { CodecBody, CodecStore, StoredCodec } from '../store/codecs.ts';

interface ShelfDeps {
  readonly codecs: CodecStore;
  readonly catalogue: CatalogueIndex;
}

/** The foreign codecs that decode, each with its sandbox. They live in the thread that writes. */
export class CodecShelf {
  readonly #deps: ShelfDeps;
  readonly #open = new Map<string, ForeignEntry>();
  #failing: readonly string[] = [];

  constructor(deps: ShelfDeps) {
    this.#deps = deps;
  }

  /** Opens the active codecs. One that does not load fails its own devices' frames and nothing else. */
  async load(): Promise<void> {
    const failing: string[] = [];
    for (const stored of await this.#deps.codecs.active()) {
      try {
        const version = versionOf(stored);
        this.use(
          await openForeign(version).catch((thrown: unknown) => {
            const reason = asHubError(thrown, 'HUB_CODEC_FAILED');
            failing.push(`${stored.profile}: ${reason.message}`);
            return brokenForeign(version, reason);
          }),
        );
      } catch (thrown) {
        failing.push(`${stored.profile}: ${asHubError(thrown).message}`);
      }
    }
    this.#failing = failing;
  }

  /** Of those that were active at the start and do not load, why. */
  get failing(): readonly string[] {
    return this.#failing;
  }

  get profiles(): DeviceProfile[] {
    return [...this.#open.values()].map(({ profile }) => profile);
  }

  /** From now on frames of this profile are decoded by this entry. */
  use(entry: ForeignEntry): void {
    const { id } = entry.profile;
    this.#deps.catalogue.put(entry);
    this.#open.get(id)?.decoder.close();
    this.#open.set(id, entry);
    this.#failing = this.#failing.filter((failing) => !failing.startsWith(`${id}:`));
  }

  /** A stored version. Throws HUB_NOT_FOUND. */
  async stored(profile: string, version: number): Promise<StoredCodec> {
    const stored = await this.#deps.codecs.version(profile, version);
    if (!stored) throw new HubError('HUB_NOT_FOUND', `There is no version ${version} of a codec "${profile}"`);
    return stored;
  }

  /** The catalogue as it would be with another version, for a replay that only compares. */
  async candidate({ profile, version }: { profile: string; version: number }): Promise<Candidate> {
    const entry = await openForeign(versionOf(await this.stored(profile, version)));
    const { catalogue } = this.#deps;
    return {
      catalogue: {
        get: (id) => {
          const found = catalogue.get(id);
          return id === profile || found?.profile.id === profile ? entry : found;
        },
        list: () => catalogue.list().map((known) => (known.profile.id === profile ? entry : known)),
      },
      close: () => entry.decoder.close(),
    };
  }
}

const versionOf = ({ version, body }: StoredCodec): ForeignVersion => ({ version, codec: parseForeignCodec(body) });

export interface ForeignCodecDeps extends ShelfDeps {
  readonly shelf: CodecShelf;
  readonly replays: Pick<Replays, 'request'>;
  readonly clock: () => EpochMs;
  readonly elapsedMs: () => number;
  /** Runs writes as one transaction. */
  readonly together: <T>(work: () => Promise<T>) => Promise<T>;
  readonly onProfile: (profile: DeviceProfile) => void;
}

/** The port `Codecs` as the writer thread carries it out. */
export const createCodecCommands = (deps: ForeignCodecDeps) => {
  const { codecs, catalogue, shelf, replays, clock, together, onProfile } = deps;

  const use = (entry: ForeignEntry): void => {
    shelf.use(entry);
    onProfile(entry.profile);
  };

  const putCodec: Codecs['put'] = async (upload, { by, dryRun }) => {
    const codec = parseForeignCodec(upload);
    const profile = codec.profile.id;
    const [newest] = await codecs.versions(profile);
    const version = (newest?.version ?? 0) + 1;
    const answer = { profile, version, vectors: codec.vectors.length, active: version === 1 };
    const entry = await openForeign({ codec, version });
    let isUsed = false;
    try {
      checkAll(entry, codec.vectors, deps);
      if (dryRun) return answer;
      const added = await codecs.add({ profile, body: codec as CodecBody, createdAt: clock(), createdBy: by });
      isUsed = added.active;
      if (isUsed) use(entry);
      return answer;
    } finally {
      if (!isUsed) entry.decoder.close();
    }
  };

  const activateCodec: Codecs['activate'] = async (profile, version, { by, dryRun, since }) => {
    const stored = await shelf.stored(profile, version);
    const request = { scope: { profile }, since, dryRun, reason: `codec version ${version}` };
    if (dryRun) return replays.request({ ...request, candidate: { profile, version } });
    if (stored.active) throw new HubError('HUB_CONFLICT', `Version ${version} of ${profile} is the active one already`);
    const entry = await openForeign(versionOf(stored));
    try {
      const job = await together(async () => {
        await codecs.activate({ profile, version, at: clock(), by });
        return replays.request(request);
      });
      use(entry);
      return job;
    } catch (thrown) {
      entry.decoder.close();
      throw thrown;
    }
  };

  return {
    putCodec,
    activateCodec,
    codecVersions: (profile?: string) => codecs.versions(profile),
    codecVersion: (profile: string, version: number) => codecs.version(profile, version),
    /** For threads that hold no scripts: what a frame says by the active version. */
    decodeForeign: (profile: string, input: CodecInput) => {
      const entry = catalogue.get(profile);
      if (!entry) throw new HubError('HUB_NOT_FOUND', `The catalogue has no profile "${profile}"`);
      return decodeFrame(entry, input);
    },
  };
};

const checkAll = (
  entry: ForeignEntry,
  vectors: Parameters<typeof checkVectors>[1],
  { clock, elapsedMs }: ForeignCodecDeps,
): void => {
  const faults = checkVectors(entry, vectors, { now: clock(), elapsedMs });
  const [first] = faults;
  if (first) throw new HubError('HUB_CODEC_VECTORS', `${first.path}: ${first.message}`, { faults });
};
