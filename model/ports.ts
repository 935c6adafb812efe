import type { DownlinkMessage, DownlinkOrder, DownlinkRequest } from './downlink.ts';
import type { ObservationChange, StaSet } from './sensor-things.ts';
import type { EpochMs } from './time.ts';

/** What transports need of the hub: somewhere to hand uplinks over to. */
export interface Intake {
  /**
   * Resolves once the message is durable in the journal (or known to be there already): only then may the sender be
   * acknowledged. Rejects with HUB_OVERLOADED, HUB_DISK_FULL or HUB_UNAVAILABLE; then the sender must not be.
   */
  receive(network: string, topic: string | undefined, body: Uint8Array): Promise<Receipt>;
  /** Messages handed over and not yet durable, and how many may be. */
  readonly waiting: number;
  readonly limit: number;
}

export type Receipt = { readonly position: number } | { readonly duplicateOf: number };

/** One topic of what the public may read by MQTT, `plietsch/v1/<municipality>/<thing>/<property>[/<channel>]`. */
export interface FeedMessage {
  readonly topic: string;
  /** JSON; empty where the topic is no longer for the public. */
  readonly payload: Uint8Array;
  /** It is what the topic holds from now on, and no older value that came late. */
  readonly isNewest: boolean;
}

/** What the public may read by MQTT. Visibility is looked at when a message is handed out. */
export interface PublicFeed {
  /** The newest value of each topic that passes, one after the other. */
  newest(passes: (topic: string) => boolean): Iterable<FeedMessage>;
  /** Calls back with messages as they come until the returned function is called. */
  subscribe(listener: (messages: readonly FeedMessage[]) => void): () => void;
}

/** State of one part of the hub as `/ready` shows it. */
export interface PartState {
  readonly part: string;
  readonly ready: boolean;
  /** Why not, or how well, in one sentence. */
  readonly detail: string;
  readonly since?: EpochMs;
}

/** A long-lived resource: constructors do no I/O, these do. */
export interface Lifecycle {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Counters and gauges of the rooms, registered by hub.ts with the metrics endpoint. */
export interface Counters {
  add(name: CounterName, labels?: Readonly<Record<string, string>>, by?: number): void;
}

export const counterNames = {
  plietsch_transport_messages_total: 'Messages that reached a transport, by transport and result',
  plietsch_transport_connections_total: 'Connections by transport and result',
  plietsch_broker_refused_total: 'Publishes, subscriptions and connections refused by the embedded broker, by reason',
} as const;
export type CounterName = keyof typeof counterNames;

/** Who asks; `reader` sees private data of its municipality (or all), `planner` plans, `operator` acts on devices, `admin` everything. */
export const roles = ['reader', 'planner', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** What a replay did, or would do, to stored values. */
export interface ValueDiff {
  readonly unchanged: number;
  readonly changed: number;
  readonly added: number;
  readonly gone: number;
  /** The largest changes first, at most 100. */
  readonly largest: readonly {
    readonly datastream: string;
    readonly phenomenonTime: EpochMs;
    readonly before: number | null | undefined;
    readonly after: number | null | undefined;
  }[];
}

export interface ReplayRequest {
  readonly scope: { readonly profile: string } | { readonly device: string } | { readonly all: true };
  /** Journal entries received by the hub at or after this instant are read again. */
  readonly since: EpochMs;
  /** Only compute the diff. */
  readonly dryRun: boolean;
  readonly reason: string;
  /** Decode with this version of a foreign codec instead of the active one; with `dryRun` only. */
  readonly candidate?: { readonly profile: string; readonly version: number };
}

export interface Job {
  readonly id: string;
  readonly request: ReplayRequest;
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  /** Journal entries read so far, and to be read. */
  readonly done: number;
  readonly total: number;
  readonly diff: ValueDiff;
  /** Set where the journal no longer reaches back to `since`: what was asked for cannot be replayed whole. */
  readonly bounded?: string;
  readonly error?: string;
  readonly createdAt: EpochMs;
  readonly finishedAt?: EpochMs;
}

export interface EntityReport {
  readonly kind: string;
  readonly id: string;
  readonly action: 'created' | 'changed' | 'removed' | 'unchanged';
}

/** Commands that the API, and through it the command line, gives to the hub. */
export interface Commands {
  /**
   * Validates registry entries (parsed by the schemas of model/registry.ts, not yet checked against each other) and
   * stores them, all or none. Entries not named stay. Answers what changed. Queues the replays that follow.
   */
  applyEntities(
    entities: readonly { kind: string; put?: unknown; remove?: string }[],
    options: { dryRun: boolean },
  ): Promise<EntityReport[]>;
  /** Registers an unknown device (and deploys it, if a thing is named) and queues the replay of its past. */
  adopt(devEui: string, request: AdoptRequest): Promise<Job>;
  retryDeadLetter(position: number): Promise<string>;
  replay(request: ReplayRequest): Promise<Job>;
  job(id: string): Promise<Job | undefined>;
  jobs(): Promise<Job[]>;
  cancelJob(id: string): Promise<void>;
  /** Writes a consistent copy of all state to a new file. */
  backup(file: string): Promise<{ readonly bytes: number; readonly head: number }>;
}

/** An order and the message that carries it. */
export interface OrderedDownlink {
  readonly order: DownlinkOrder;
  readonly message: DownlinkMessage;
}

/** Telling devices something. */
export interface Downlinks {
  /**
   * Encodes, writes down and hands over an order, all but the first with `dryRun`. Throws HUB_NOT_FOUND,
   * HUB_CODEC_NO_DOWNLINK, HUB_CODEC_PAYLOAD or HUB_DOWNLINK_NO_WAY; what goes wrong after it was written down is its state.
   */
  order(
    devEui: string,
    request: DownlinkRequest,
    options: { readonly by: string; readonly dryRun: boolean },
  ): Promise<OrderedDownlink>;
  get(id: string): Promise<DownlinkOrder | undefined>;
  /** Newest first; `before` is the id of the last one of the page before. */
  list(query: { device?: string; before?: string; limit: number }): Promise<DownlinkOrder[]>;
}

/** An entity to be created; a link may name one of the same call by minus its place there, counted from 1. */
export interface NewStaEntity {
  readonly set: StaSet;
  readonly body: Readonly<Record<string, unknown>>;
  readonly links: Readonly<Record<string, readonly number[]>>;
}

/** Writing what comes without LoRaWAN, by way of SensorThings. Who may is decided by the caller. */
export interface SensorThings {
  /**
   * Creates entities, all or none; answers their numbers in the same order. A Thing becomes a thing of the registry too
   * (kind other, see staThingId), a Datastream one of its datastreams, so that datasets can publish them.
   */
  create(entities: readonly NewStaEntity[]): Promise<number[]>;
  /** Replaces body and links of entities that were created this way. Throws HUB_NOT_FOUND. */
  replace(entities: readonly (NewStaEntity & { readonly number: number })[]): Promise<void>;
  /** Removes entities that were created this way, and the observations of Datastreams among them; what refers to them is the caller's to name. */
  remove(entities: readonly { readonly set: StaSet; readonly number: number }[]): Promise<void>;
  /** Journals changes of observations and resolves once they are stored and can be read. */
  observe(changes: readonly ObservationChange[], by: string): Promise<void>;
}

/** A version of a codec that an operator uploaded. */
export interface CodecVersion {
  /** Device profile that it decodes, custom/<model>. */
  readonly profile: string;
  /** Counted from 1. */
  readonly version: number;
  readonly createdAt: EpochMs;
  readonly createdBy: string;
  /** It decodes what comes in; one version of a profile does. */
  readonly active: boolean;
  /** When, and by whom, it was last made the active one. */
  readonly activatedAt?: EpochMs;
  readonly activatedBy?: string;
}

/** Codecs that operators bring along. */
export interface Codecs {
  /**
   * Checks an upload (of the shape of devices/foreign-schema.ts), runs its vectors and stores it as the next version of its
   * profile; nothing is stored with `dryRun`. The first version is active at once. Throws HUB_REQUEST_INVALID,
   * HUB_CODEC_FAILED where the script does not load, HUB_CODEC_VECTORS with a fault per vector.
   */
  put(
    upload: unknown,
    options: { readonly by: string; readonly dryRun: boolean },
  ): Promise<{
    readonly profile: string;
    readonly version: number;
    readonly vectors: number;
    readonly active: boolean;
  }>;
  /** Of one profile or of all: by profile, the newest version first. */
  versions(profile?: string): Promise<readonly CodecVersion[]>;
  /** A version with all that was uploaded. */
  version(profile: string, version: number): Promise<(CodecVersion & { readonly body: unknown }) | undefined>;
  /**
   * Makes a version the active one and queues the replay of the profile's devices; with `dryRun` it only queues the
   * comparison of that version with what is stored. Throws HUB_NOT_FOUND, HUB_CONFLICT where it is active already.
   */
  activate(
    profile: string,
    version: number,
    options: { readonly by: string; readonly dryRun: boolean; readonly since: EpochMs },
  ): Promise<Job>;
}

export interface AdoptRequest {
  readonly profile: string;
  readonly name?: string;
  readonly parameters?: Readonly<Record<string, number | string | boolean>>;
  readonly thing?: string;
  /** Start of the deployment; default: the device's first uplink. */
  readonly from?: EpochMs;
  readonly mounting?: Readonly<Record<string, number | string | boolean>>;
}
