import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EpochMs } from '../../model/time.ts';
import type { Reader } from '../access.ts';
import { type KeptManifest, keptManifestSchema, type Manifest } from './manifest.ts';
import { MONTH_ID } from './month.ts';

const MANIFEST = '.json';

/** What became of a file that must not be lost when the machine goes down. */
export const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

interface ShelfDeps {
  readonly folder: string;
  /** What the public sees. */
  readonly reader: Reader;
  readonly clock: () => EpochMs;
}

/**
 * The files in the folder. A manifest names the files that belong to it and is put in place last, so that after a kill or on
 * a full disk the files before still stand; what no manifest names is rubbish. Nothing is given out of which a part is no
 * longer for the public.
 */
export class DumpShelf {
  readonly #deps: ShelfDeps;
  /** By dataset and month. */
  readonly #kept = new Map<string, Map<string, KeptManifest>>();
  /** Version of the registry under which a manifest was found to be for the public still. */
  readonly #allowed = new WeakMap<KeptManifest, number>();
  #loading: Promise<void> | undefined;
  #serial = 0;

  constructor(deps: ShelfDeps) {
    this.#deps = deps;
  }

  /** Reads the folder, once. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Manifests of a dataset that may be given out, newest month first. */
  async manifests(dataset: string): Promise<Manifest[]> {
    await this.load();
    const months = [...(this.#kept.get(dataset)?.values() ?? [])].filter((kept) => this.isPublic(kept));
    return months.map(({ manifest }) => manifest).sort((a, b) => (a.month < b.month ? 1 : -1));
  }

  /** Datasets that have files. */
  async datasets(): Promise<string[]> {
    await this.load();
    return [...this.#kept.keys()].sort();
  }

  /** A file that may be given out, by the name that the public knows. */
  async find(
    dataset: string,
    name: string,
  ): Promise<{ path: string; file: Manifest['files'][number]; madeAt: EpochMs } | undefined> {
    await this.load();
    const kept = this.#kept.get(dataset)?.get(name.slice(0, 7));
    const index = kept?.manifest.files.findIndex((file) => file.name === name) ?? -1;
    const [file, stored] = [kept?.manifest.files[index], kept?.stored[index]];
    if (!kept || !file || stored === undefined || !this.isPublic(kept)) return undefined;
    return { path: join(this.folderOf(dataset), stored), file, madeAt: kept.madeAt };
  }

  get(dataset: string, month: string): KeptManifest | undefined {
    return this.#kept.get(dataset)?.get(month);
  }

  monthsOf(dataset: string): string[] {
    return [...(this.#kept.get(dataset)?.keys() ?? [])];
  }

  /** A name for a new file of a month that no other has: what is there must stay until the manifest is replaced. */
  newName(month: string, ending: string): string {
    this.#serial++;
    return `${month}.${this.#deps.clock().toString(36)}-${process.pid}-${this.#serial}.${ending}`;
  }

  /** Puts a manifest in place whose files are there, and takes away those that it replaces. */
  async put(kept: KeptManifest): Promise<void> {
    const { dataset, month } = kept.manifest;
    const folder = this.folderOf(dataset);
    const partial = join(folder, `${month}${MANIFEST}.partial`);
    const handle = await open(partial, 'w');
    try {
      await handle.writeFile(JSON.stringify(kept));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, join(folder, month + MANIFEST));
    await syncFolder(folder);
    const months = this.#kept.get(dataset) ?? new Map<string, KeptManifest>();
    this.#kept.set(dataset, months.set(month, kept));
    await this.#tidy(dataset);
  }

  async remove(dataset: string, month: string): Promise<void> {
    this.#kept.get(dataset)?.delete(month);
    await rm(join(this.folderOf(dataset), month + MANIFEST), { force: true });
    await this.#tidy(dataset);
  }

  async removeAll(dataset: string): Promise<void> {
    this.#kept.delete(dataset);
    await rm(this.folderOf(dataset), { recursive: true, force: true });
  }

  /** The folder of a dataset, whose id is a slug. */
  folderOf(dataset: string): string {
    return join(this.#deps.folder, dataset);
  }

  /** Every row in the files is one that the public may see now: nothing was withdrawn, delayed or withheld since. */
  isPublic(kept: KeptManifest): boolean {
    const { reader, clock } = this.#deps;
    const { manifest, madeAt, streams } = kept;
    if (!reader.find('dataset', manifest.dataset)) return false;
    if (this.#allowed.get(kept) === reader.version()) return true;
    const end = Date.parse(manifest.to);
    const now = clock();
    const byId = new Map([...reader.streams()].map((stream) => [stream.datastream.id, stream]));
    const isAllowed = streams.every(([id, delayMs, smallest]) => {
      const stream = byId.get(id);
      if (!stream?.datasets.some((dataset) => dataset.id === manifest.dataset)) return false;
      const withholdsMore = (stream.smallestCount ?? 0) > smallest;
      return !withholdsMore && Math.min(end, madeAt - delayMs) <= now - stream.delayMs;
    });
    if (isAllowed) this.#allowed.set(kept, reader.version());
    return isAllowed;
  }

  async #load(): Promise<void> {
    const { folder } = this.#deps;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const months = new Map<string, KeptManifest>();
      for (const name of await readdir(join(folder, entry.name))) {
        const month = name.endsWith(MANIFEST) ? name.slice(0, -MANIFEST.length) : '';
        if (!MONTH_ID.test(month)) continue;
        const kept = await readManifest(join(folder, entry.name, name));
        if (kept) months.set(month, kept);
      }
      this.#kept.set(entry.name, months);
    }
  }

  /** Takes away what no manifest names: files that were replaced, and those of a run that was killed. */
  async #tidy(dataset: string): Promise<void> {
    const folder = this.folderOf(dataset);
    const months = this.#kept.get(dataset) ?? new Map<string, KeptManifest>();
    const named = new Set([...months].flatMap(([month, { stored }]) => [month + MANIFEST, ...stored]));
    const found = await readdir(folder).catch(() => []);
    for (const name of found) if (!named.has(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** A manifest that cannot be read is as good as none: its files are made again. */
const readManifest = async (path: string): Promise<KeptManifest | undefined> => {
  try {
    return keptManifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
};
