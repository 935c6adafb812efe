import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Command, Option } from 'commander';
import { type Config, loadConfig } from '../config.ts';
import { lockDataFolder } from '../engine/data-lock.ts';
import { keptSince, type ObservationHome, openHome } from '../engine/observation-home.ts';
import { type CopyProgress, type CopyReport, copyEvents, copyObservations } from '../engine/store-copy.ts';
import { PROJECTION } from '../ingest/projector.ts';
import { HubError } from '../model/errors.ts';
import { type EpochMs, HOUR, parseRfc3339 } from '../model/time.ts';
import { DATABASE_FILE } from '../store/embedded/database.ts';
import { type EmbeddedStores, openStores } from '../store/embedded/stores.ts';
import { influxSettings } from '../store/influxdb/influx-config.ts';
import { RegistryIndex } from '../store/registry-index.ts';
import { follow, type Job, report, withInterrupt } from './reprocess.ts';
import { formatJson } from './table.ts';
import { expectOk, type WithHub } from './with-hub.ts';

const homes = ['embedded', 'influxdb'] as const;
type HomeName = (typeof homes)[number];

interface CopyFlags {
  readonly from: HomeName;
  readonly to: HomeName;
  readonly since?: string;
  readonly json?: boolean;
}

/** `plietsch store copy` and `plietsch store rebuild`. */
export const register = (program: Command, hub: WithHub): void => {
  const store = program.command('store').description('Where observations are kept');

  const copy: Command = store
    .command('copy')
    .description('Copy observations from one store into another and compare every day; the hub must not run')
    .addOption(new Option('--from <store>', 'where they are').choices(homes).makeOptionMandatory())
    .addOption(new Option('--to <store>', 'where they shall be').choices(homes).makeOptionMandatory())
    .option('--since <time>', 'only what was measured at or after this time, e.g. 2026-01-01T00:00:00Z')
    .option('--json', 'print the result as JSON')
    .action(async (flags: CopyFlags) => {
      if (flags.from === flags.to) copy.error('error: --from and --to name the same store', { exitCode: 2 });
      const since = flags.since === undefined ? 0 : parseRfc3339(flags.since);
      if (since === undefined) {
        copy.error('error: --since: write a time as 2026-01-01T00:00:00Z', { exitCode: 2 });
      } else {
        const result = await runCopy(loadConfig(), flags, since);
        process.stdout.write(flags.json ? formatJson(result) : `${textOf(result)}\n`);
      }
    });

  store
    .command('rebuild')
    .description('Fill the configured store anew from the journal')
    .option('--json', 'print the job as JSON')
    .action(async (options: { json?: boolean }) => {
      await hub((call) =>
        withInterrupt(async (signal) => {
          const body = { scope: { all: true }, since: '1970-01-01T00:00:00Z', dryRun: false, reason: 'rebuild' };
          const { id } = expectOk(await call('POST', '/api/v1/reprocess', body)) as Job;
          report(await follow(call, { id, signal }), options);
        }),
      );
    });
};

const textOf = ({ datastreams, days, observations, hours, events = 0 }: CopyReport): string =>
  `${observations} observations of ${datastreams} datastreams copied, ${days} days compared by count and checksum, ${hours} hourly figures, ${events} events`;

const runCopy = async (config: Config, { from, to, json }: CopyFlags, since: number): Promise<CopyReport> => {
  const file = join(config.data, DATABASE_FILE);
  if (!existsSync(file)) throw new HubError('HUB_NOT_FOUND', `${config.data} holds no hub`);
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  const unlock = lockDataFolder(config.data);
  const stores = openStores({ file, timeZone: config.timeZone });
  try {
    const registry = new RegistryIndex();
    registry.apply(await stores.registry.load());
    const [source, target] = [from, to].map((name) => homeOf(name, { config, stores, registry })) as [
      ObservationHome,
      ObservationHome,
    ];
    const { url, bucket } = config.observations.influxdb;
    const notes = notesIn(join(config.data, `copy-${from}-${to}.json`), {
      since,
      from,
      to,
      url,
      bucket,
      ...(await positionsOf(stores)),
    });
    await source.prepare();
    await target.prepare();
    const result = await copyObservations({
      from: source,
      to: target,
      datastreams: [...registry.list('datastream')],
      since,
      keptSince: keptSince(config.observations.keepDays, Date.now()) + HOUR,
      progress: notes.read(),
      save: notes.write,
      markDirty: (marks) => stores.work.markDirty(marks),
      clock: Date.now,
      ...(!json && process.stderr.isTTY && { say: (text: string) => process.stderr.write(`\r${text}\x1b[K`) }),
    });
    const events = target.mirror ? await copyEvents(stores.events, target.mirror) : 0;
    notes.remove();
    source.close();
    target.close();
    return { ...result, events };
  } finally {
    stores.database.close();
    unlock();
  }
};

const homeOf = (
  name: HomeName,
  { config, stores, registry }: { config: Config; stores: EmbeddedStores; registry: RegistryIndex },
): ObservationHome =>
  openHome(name === 'influxdb' ? influxSettings(config.observations.influxdb) : undefined, {
    stores,
    together: (work) => stores.database.together(work),
    datastreamOf: (key) => registry.datastreamByKey(key),
    datastreams: () => registry.list('datastream'),
    keepDays: config.observations.keepDays,
  });

/** What a copy is about: notes of any other one say nothing of it. */
interface Subject {
  readonly since: EpochMs;
  readonly from: HomeName;
  readonly to: HomeName;
  readonly url: string;
  readonly bucket: string;
  /** Changed where a hub ran in between: late values may stand before what has been copied. */
  readonly head: number;
  readonly cursor: number;
  readonly job: string | null;
}

const positionsOf = async ({ journal, work }: EmbeddedStores): Promise<Pick<Subject, 'head' | 'cursor' | 'job'>> => {
  const [job] = await work.jobs(1);
  return {
    head: await journal.head(),
    cursor: await journal.cursor(PROJECTION),
    job: job ? `${job.id} ${job.pass} ${job.position}` : null,
  };
};

/** How far an interrupted copy came. */
const notesIn = (file: string, about: Subject) => ({
  read: (): CopyProgress => {
    if (!existsSync(file)) return { done: {} };
    const notes = JSON.parse(readFileSync(file, 'utf8')) as CopyProgress & { readonly about?: Subject };
    return isDeepStrictEqual(notes.about, about) ? notes : { done: {} };
  },
  write: (progress: CopyProgress): void => {
    writeFileSync(`${file}.partial`, JSON.stringify({ about, ...progress }));
    renameSync(`${file}.partial`, file);
  },
  remove: (): void => rmSync(file, { force: true }),
});
