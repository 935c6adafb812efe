import { diffText, follow, type Job, report, withInterrupt } from './reprocess.ts';
import { expectOk, type HubCall } from './with-hub.ts';

interface Options {
  readonly since?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Compares first, shows it, then activates and follows the replay to its end. */
export const activateCodec = (call: HubCall, path: string, options: Options): Promise<void> =>
  withInterrupt(async (signal) => {
    const run = async (dryRun: boolean): Promise<Job> => {
      const since = options.since === undefined ? '' : `&since=${encodeURIComponent(options.since)}`;
      const { id } = expectOk(await call('POST', `${path}?dryRun=${dryRun}${since}`)) as Job;
      return follow(call, { id, signal });
    };
    const compared = await run(true);
    if (compared.state !== 'done' || options.dryRun) {
      report(compared, options);
      return;
    }
    if (!options.json) process.stdout.write(diffText(compared));
    const applied = await run(false);
    if (options.json || applied.state !== 'done') report(applied, options);
    else process.stdout.write(`active, and applied (job ${applied.id})\n`);
  });
