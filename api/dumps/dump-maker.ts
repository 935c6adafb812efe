import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { HubError } from '../../model/errors.ts';
import { type Dataset, registrySchemas } from '../../model/registry.ts';
import { type EpochMs, formatTime } from '../../model/time.ts';
import type { Reader } from '../access.ts';
import { mediaTypes } from '../formats/media.ts';
import { valueColumns, valueTable } from '../formats/table.ts';
import { createTableWriter } from '../formats/table-writer.ts';
import { presentTerms, type Terms } from '../formats/terms.ts';
import { excludedBy, flagsOf, qualityQuery } from '../series/quality-query.ts';
import type { StreamBlock } from '../series/stream-blocks.ts';
import { streamsThatPass } from '../stream-filter.ts';
import type { Stream } from '../visibility.ts';
import { DumpDigest } from './dump-digest.ts';
import { DumpFile } from './dump-file.ts';
import { type DumpShelf, syncFolder } from './dump-shelf.ts';
import type { KeptManifest } from './manifest.ts';
import { type Month, monthOf, monthsBetween } from './month.ts';

/** Raised when files are to look different for the same values. */
const LAYOUT = 1;
const style = { decimal: 'point', header: true, bom: false, language: 'en' } as const;

export interface MakerDeps {
  /** What the public sees: nothing else gets into a file. */
  readonly reader: Reader;
  readonly shelf: DumpShelf;
  readonly timeZone: string;
  readonly keepMonths: number | null;
  readonly clock: () => EpochMs;
}

export interface DumpRequest {
  readonly dataset?: string | undefined;
  readonly month?: string | undefined;
}

/** What a run did, by dataset and month. */
export interface DumpReport {
  readonly dataset: string;
  readonly month: string;
  readonly action: 'made' | 'unchanged' | 'removed';
  readonly rows: number;
}

interface Job {
  readonly dataset: Dataset;
  readonly streams: readonly Stream[];
  readonly month: Month;
  readonly signal: AbortSignal;
}

/** Makes the files of all published datasets and months that are missing or no longer what the public would see. */
export async function* makeDumps(
  deps: MakerDeps,
  { dataset: wanted, month: wantedMonth }: DumpRequest,
  signal: AbortSignal,
): AsyncGenerator<DumpReport> {
  const { reader, shelf } = deps;
  await shelf.load();
  const published = new Map<string, Dataset>();
  for (const dataset of reader.list('dataset')) published.set(dataset.id, dataset);
  for (const id of await shelf.datasets()) if (!published.has(id)) await shelf.removeAll(id);
  for (const dataset of published.values()) {
    if (wanted !== undefined && dataset.id !== wanted) continue;
    const streams = [...streamsThatPass(reader, { dataset: dataset.id })];
    const months = await monthsOf(deps, streams);
    const kept = new Set(months.map(({ id }) => id));
    for (const month of shelf.monthsOf(dataset.id)) {
      if (kept.has(month) || (wantedMonth !== undefined && month !== wantedMonth)) continue;
      await shelf.remove(dataset.id, month);
      yield { dataset: dataset.id, month, action: 'removed', rows: 0 };
    }
    for (const month of months) {
      if (wantedMonth !== undefined && month.id !== wantedMonth) continue;
      yield await makeMonth(deps, { dataset, streams, month, signal });
    }
  }
}

/** Months that may hold something, newest first. */
const monthsOf = async (
  { reader, timeZone, keepMonths, clock }: MakerDeps,
  streams: readonly Stream[],
): Promise<Month[]> => {
  let oldest = Number.POSITIVE_INFINITY;
  for (const stream of streams) {
    for await (const { phenomenonTime } of reader.range(stream, { from: 0, to: oldest, limit: 1 }))
      oldest = phenomenonTime;
  }
  const now = clock();
  if (oldest > now) return [];
  return monthsBetween(oldest, now + 1, timeZone).slice(0, keepMonths ?? undefined);
};

const makeMonth = async (deps: MakerDeps, job: Job): Promise<DumpReport> => {
  const { shelf, timeZone, clock } = deps;
  const { dataset, month } = job;
  const held = shelf.get(dataset.id, month.id);
  const report = (action: DumpReport['action'], rows: number): DumpReport => ({
    dataset: dataset.id,
    month: month.id,
    action,
    rows,
  });
  const isPresent = month.id === monthOf(clock(), timeZone).id;
  // A month that is over rarely changes: reading it shows whether it did, and costs a fraction of making it.
  if (held && !isPresent && (await digestOf(deps, job)) === held.digest) {
    const complete = isComplete(job, clock());
    if (complete !== held.manifest.complete) await shelf.put({ ...held, manifest: { ...held.manifest, complete } });
    return report('unchanged', held.manifest.rows);
  }
  const made = await writeMonth(deps, job);
  if (made)
    return report(made === held?.digest ? 'unchanged' : 'made', shelf.get(dataset.id, month.id)?.manifest.rows ?? 0);
  if (held) await shelf.remove(dataset.id, month.id);
  return report(held ? 'removed' : 'unchanged', 0);
};

/** The month is over, and what was measured in its last moment is old enough to be seen. */
const isComplete = ({ month, streams }: Job, now: EpochMs): boolean =>
  streams.every(({ delayMs }) => now - delayMs >= month.to);

const quality = qualityQuery.parse(undefined);
const excluded = excludedBy(quality);

const termsOf = ({ dataset, month }: Job): Terms => ({
  from: month.from,
  to: month.to,
  quality,
  excluded,
  datasets: [dataset],
});

const newDigest = (job: Job): DumpDigest => {
  const { dataset, month } = job;
  const { title, licence, attribution } = registrySchemas.dataset.parse(dataset);
  return new DumpDigest(JSON.stringify([LAYOUT, dataset.id, title, licence, attribution, month, quality]));
};

/** What the public sees of a month, block by block; others have their turn in between. */
async function* blocksOf({ reader }: MakerDeps, { streams, month, signal }: Job): AsyncGenerator<StreamBlock> {
  const { from, to } = month;
  for await (const block of reader.blocks(streams, { from, to, without: flagsOf(excluded) })) {
    if (signal.aborted) throw new HubError('HUB_UNAVAILABLE', 'The hub is stopping');
    yield block;
    await nextTurn();
  }
}

const digestOf = async (deps: MakerDeps, job: Job): Promise<string> => {
  const digest = newDigest(job);
  for await (const block of blocksOf(deps, job)) digest.add(block);
  return digest.finish();
};

/** Writes both files in one reading, so that they hold the same; answers the digest, undefined where there is nothing. */
const writeMonth = async (deps: MakerDeps, job: Job): Promise<string | undefined> => {
  const { shelf, clock } = deps;
  const { dataset, month } = job;
  const madeAt = clock();
  const folder = shelf.folderOf(dataset.id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const settings = { columns: valueColumns, terms: termsOf(job), style };
  const parts = (['csv', 'parquet'] as const).map((format) => {
    const stored = shelf.newName(month.id, format === 'csv' ? 'csv.gz' : format);
    const file = new DumpFile(join(folder, stored), { gzip: format === 'csv' });
    return { format, stored, file, writer: createTableWriter(format, settings) };
  });
  const digest = newDigest(job);
  try {
    for (const { file, writer } of parts) await file.write(writer.begin());
    for await (const block of blocksOf(deps, job)) {
      digest.add(block);
      const table = valueTable(block);
      for (const { file, writer } of parts) await file.write(writer.add(table));
    }
    const found = digest.finish();
    if (digest.rows === 0 || found === shelf.get(dataset.id, month.id)?.digest) {
      for (const { file } of parts) await file.discard();
      return digest.rows === 0 ? undefined : found;
    }
    const files: KeptManifest['manifest']['files'] = [];
    for (const { format, file, writer } of parts) {
      await file.write(writer.end());
      files.push({
        name: `${month.id}.${format}${format === 'csv' ? '.gz' : ''}`,
        format,
        mediaType: format === 'csv' ? 'application/gzip' : mediaTypes.parquet,
        ...(await file.finish()),
      });
    }
    await syncFolder(folder);
    await shelf.put(keptOf(deps, { job, digest, found, madeAt, files, stored: parts.map(({ stored }) => stored) }));
    return found;
  } catch (thrown) {
    for (const { file } of parts) await file.discard().catch(() => undefined);
    const isFull = (thrown as NodeJS.ErrnoException).code === 'ENOSPC';
    throw isFull
      ? new HubError('HUB_DISK_FULL', 'The disk is full: files of open data were not made', { cause: thrown })
      : thrown;
  }
};

interface Written {
  readonly job: Job;
  readonly digest: DumpDigest;
  readonly found: string;
  readonly madeAt: EpochMs;
  readonly files: KeptManifest['manifest']['files'];
  readonly stored: string[];
}

const keptOf = ({ timeZone }: MakerDeps, { job, digest, found, madeAt, files, stored }: Written): KeptManifest => {
  const { dataset, month } = job;
  const { rows, streams } = digest;
  const { title, licence, licenceUrl, attribution } = presentTerms(dataset);
  return {
    manifest: {
      dataset: dataset.id,
      month: month.id,
      from: formatTime(month.from),
      to: formatTime(month.to),
      timeZone,
      complete: isComplete(job, madeAt),
      rows,
      datastreams: streams.length,
      quality: [...quality],
      excluded,
      title,
      licence,
      licenceUrl,
      attribution,
      createdAt: formatTime(madeAt),
      files,
    },
    digest: found,
    madeAt,
    stored,
    streams: streams.map(({ datastream, delayMs, smallestCount = 0 }) => [datastream.id, delayMs, smallestCount]),
  };
};
