import type { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { createHub } from '../hub.ts';

/** `plietsch start`: runs the hub until it is told to stop (SIGINT, SIGTERM). */
export const register = (program: Command): void => {
  program
    .command('start')
    .description('Run the hub; settings come from plietsch.yaml and PLIETSCH_* variables')
    .action(async () => {
      const ended = Promise.withResolvers<Error | undefined>();
      const hub = createHub(loadConfig(), { onFailure: ended.resolve });
      process.once('SIGINT', () => ended.resolve(undefined));
      process.once('SIGTERM', () => ended.resolve(undefined));
      try {
        const { httpUrl } = await hub.start();
        console.error(`plietsch is running: ${httpUrl} (API reference at ${httpUrl}/docs; Ctrl-C stops it)`);
        const failure = await ended.promise;
        if (failure) throw failure;
      } finally {
        await hub.stop();
      }
    });
};
