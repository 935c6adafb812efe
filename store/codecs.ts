import type { CodecVersion } from '../model/ports.ts';
import type { EpochMs } from '../model/time.ts';

/** What an operator uploaded, as JSON; its schema is devices/foreign-schema.ts. */
export type CodecBody = Readonly<Record<string, unknown>>;

export interface StoredCodec extends CodecVersion {
  readonly body: CodecBody;
}

/** Codecs of operators: versions are kept for ever, at most one of a profile is active. Contract suite: store/codecs.contract.ts. */
export interface CodecStore {
  /** Stores the next version of a profile, counted from 1. The first one is active at once. */
  add(codec: {
    readonly profile: string;
    readonly body: CodecBody;
    readonly createdAt: EpochMs;
    readonly createdBy: string;
  }): Promise<CodecVersion>;
  version(profile: string, version: number): Promise<StoredCodec | undefined>;
  /** Of one profile or of all: by profile, the newest version first. */
  versions(profile?: string): Promise<CodecVersion[]>;
  active(): Promise<StoredCodec[]>;
  /** Makes a stored version the active one of its profile. Answers undefined where there is none such. */
  activate(key: {
    readonly profile: string;
    readonly version: number;
    readonly at: EpochMs;
    readonly by: string;
  }): Promise<CodecVersion | undefined>;
}
