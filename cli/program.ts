import { readdirSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { HubError } from '../model/errors.ts';
import packageJson from '../package.json' with { type: 'json' };
import { failureText } from './failure-text.ts';
import { type WithHub, withHub } from './with-hub.ts';

/** Exit codes: 0 done, 1 refused or failed, 2 wrong usage or configuration. */
const exitCodeOf = (thrown: unknown): number => {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  return thrown instanceof HubError && thrown.code === 'HUB_CONFIG_INVALID' ? 2 : 1;
};

const explain = (thrown: unknown): void => {
  if (thrown instanceof CommanderError) return;
  if (!(thrown instanceof HubError)) {
    const { code, address, port } = thrown as { code?: string; address?: string; port?: number };
    const hint = 'choose another by PLIETSCH_HTTP_PORT or PLIETSCH_MQTT_PORT; 0 takes any free one';
    if (code === 'EADDRINUSE') console.error(`Another program listens on ${address}:${port} (${hint})`);
    // What the operating system refused is no fault of the program: its words suffice.
    else console.error(thrown instanceof Error && 'syscall' in thrown ? thrown.message : thrown);
    return;
  }
  console.error(failureText(thrown));
};

const buildProgram = async (): Promise<Command> => {
  const program = new Command('plietsch')
    .description('The data hub of a smart rural region')
    .version(packageJson.version)
    .exitOverride()
    .showHelpAfterError('(plietsch --help lists the commands)');
  const folder = new URL('./', import.meta.url);
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.ts') || file.includes('.test.')) continue;
    const { register } = (await import(new URL(file, folder).href)) as {
      register?: (program: Command, hub: WithHub) => void;
    };
    register?.(program, withHub);
  }
  return program;
};

/** Runs the command that the arguments name. */
export const run = async (): Promise<void> => {
  try {
    const program = await buildProgram();
    await program.parseAsync();
  } catch (thrown) {
    explain(thrown);
    process.exitCode = exitCodeOf(thrown);
  }
};
