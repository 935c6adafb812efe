import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HubError } from '../model/errors.ts';
import type { Codec, DownlinkEncoder, UplinkEncoder } from './codec.ts';
import { type DeviceProfile, deviceProfileSchema } from './profile.ts';

export type { DeviceProfile, FieldMapping } from './profile.ts';

export interface CatalogueEntry {
  readonly profile: DeviceProfile;
  readonly codec: Codec;
  readonly encoder?: UplinkEncoder;
  /** Where the model can be told something. */
  readonly downlink?: DownlinkEncoder;
}

export interface Catalogue {
  /** By `vendor/model`, `vendor-model` or an alias. */
  get(id: string): CatalogueEntry | undefined;
  list(): readonly CatalogueEntry[];
}

/** Folders of this room that are no vendors. */
const notVendors = new Set(['formats', 'sandbox']);

const here = new URL('./', import.meta.url);
const require = createRequire(import.meta.url);

/**
 * Finds every device room `<vendor>/<model>/` (profile.json, codec.ts, perhaps encoder.ts and downlink.ts) by reading the folder. All
 * profiles are read and checked; code is loaded with a model's first frame, so that a catalogue of hundreds starts at
 * once. Throws HUB_CONFIG_INVALID with all faults of all rooms.
 */
export const loadCatalogue = async (folder: URL = here): Promise<Catalogue> => {
  const rooms = await findRooms(folder);
  const loaded = await Promise.allSettled(rooms.map(loadRoom));
  const faults = loaded.flatMap((result) => (result.status === 'rejected' ? faultsOf(result.reason) : []));
  if (faults.length > 0) throw new HubError('HUB_CONFIG_INVALID', 'The device catalogue is faulty', { faults });
  const entries = loaded.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  return createCatalogue(entries);
};

export const createCatalogue = (entries: readonly CatalogueEntry[]): Catalogue => {
  const sorted = entries.toSorted((a, b) => (a.profile.id < b.profile.id ? -1 : 1));
  const byId = new Map<string, CatalogueEntry>();
  for (const entry of sorted) {
    const { id, aliases = [] } = entry.profile;
    for (const key of [id, id.replace('/', '-'), ...aliases]) {
      const other = byId.get(key);
      if (other)
        throw new HubError('HUB_CONFIG_INVALID', `Two device profiles are called ${key}: ${other.profile.id}, ${id}`);
      byId.set(key, entry);
    }
  }
  return { get: (id) => byId.get(id), list: () => sorted };
};

interface Room {
  readonly id: string;
  readonly folder: URL;
  readonly files: Set<string>;
}

const findRooms = async (folder: URL): Promise<Room[]> => {
  const rooms = new Map<string, Room>();
  for (const path of await readdir(folder, { recursive: true })) {
    const [vendor = '', model, file] = path.split(sep);
    if (model === undefined || file === undefined || notVendors.has(vendor) || vendor.startsWith('.')) continue;
    const id = `${vendor}/${model}`;
    const room = rooms.get(id) ?? { id, folder: new URL(`${id}/`, folder), files: new Set() };
    rooms.set(id, room);
    room.files.add(file);
  }
  return [...rooms.values()];
};

const loadRoom = async ({ id, folder, files }: Room): Promise<CatalogueEntry> => {
  for (const file of ['profile.json', 'codec.ts']) {
    if (!files.has(file)) throw fault(id, `${file} is missing`);
  }
  const codec = onFirstUse<Codec>(new URL('codec.ts', folder), 'codec');
  const downlink =
    files.has('downlink.ts') && onFirstUse<DownlinkEncoder>(new URL('downlink.ts', folder), 'downlinkEncoder');
  const encoder = files.has('encoder.ts') && onFirstUse<UplinkEncoder>(new URL('encoder.ts', folder), 'encoder');
  return {
    profile: await readProfile(id, new URL('profile.json', folder)),
    codec: { decodeUplink: (input) => codec().decodeUplink(input) },
    ...(downlink && { downlink: { encodeDownlink: (data) => downlink().encodeDownlink(data) } }),
    ...(encoder && { encoder: { encodeUplink: (fields, options) => encoder().encodeUplink(fields, options) } }),
  };
};

/** What a module of a room exports under `name`. Module code is synchronous, so `require` may load it at any time. */
const onFirstUse = <T>(file: URL, name: string): (() => T) => {
  let exported: T | undefined;
  return () => {
    exported ??= loadExport(fileURLToPath(file), name) as T;
    return exported;
  };
};

const loadExport = (path: string, name: string): unknown => {
  let module: Record<string, unknown>;
  try {
    module = require(path) as Record<string, unknown>;
  } catch (cause) {
    throw new HubError('HUB_CODEC_FAILED', `${path} does not load: ${String(cause)}`, { cause });
  }
  const exported = module[name];
  if (typeof exported === 'object' && exported !== null) return exported;
  throw new HubError('HUB_CODEC_FAILED', `${path} exports no \`${name}\``);
};

const readProfile = async (id: string, file: URL): Promise<DeviceProfile> => {
  const path = `${id}/profile.json`;
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw fault(path, `is not JSON: ${String(cause)}`);
  }
  const parsed = deviceProfileSchema.safeParse(json);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => ({
      path: `${path}: ${issue.path.join('.')}`,
      message: issue.message,
    }));
    throw new HubError('HUB_CONFIG_INVALID', undefined, { faults });
  }
  if (parsed.data.id !== id) throw fault(path, `id is "${parsed.data.id}", but the folder says "${id}"`);
  return parsed.data;
};

const fault = (path: string, message: string): HubError =>
  new HubError('HUB_CONFIG_INVALID', `${path}: ${message}`, { faults: [{ path, message }] });

const faultsOf = (thrown: unknown): HubError['faults'] => {
  if (thrown instanceof HubError) return thrown.faults;
  return [{ path: 'devices', message: thrown instanceof Error ? thrown.message : String(thrown) }];
};
