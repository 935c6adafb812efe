import type { Command } from 'commander';
import { hideSecrets, loadConfig, printConfig } from '../config.ts';

/** `plietsch config print|check`: needs no state and touches none. */
export const register = (program: Command): void => {
  const config = program.command('config').description('Show and check the configuration');
  config
    .command('print')
    .description('Print the effective configuration as a commented file, secrets hidden')
    .option('--json', 'print JSON instead')
    .action(({ json }: { json?: boolean }) => {
      const settings = loadConfig();
      console.log(json ? JSON.stringify(hideSecrets(settings), undefined, 2) : printConfig(settings).trimEnd());
    });
  config
    .command('check')
    .description('Read file and variables and name every fault; exit code 2 if there is one')
    .action(() => {
      loadConfig();
      console.log('The configuration is valid.');
    });
};
