import { type Command, Option } from 'commander';
import { roles } from '../model/ports.ts';
import { parseRfc3339 } from '../model/time.ts';
import type { TokenRole } from '../store/accounts.ts';
import { formatJson, formatTable } from './table.ts';
import { expectOk, type WithHub } from './with-hub.ts';

interface Token {
  readonly id: string;
  readonly name: string;
  readonly role: TokenRole;
  readonly municipality?: string;
  readonly createdAt: string;
  readonly expiresAt?: string;
  readonly lastUsedAt?: string;
}

interface CreateOptions {
  readonly role: TokenRole;
  readonly municipality?: string;
  readonly name?: string;
  readonly expires?: string;
  readonly json?: boolean;
}

/** The token alone on standard output, so that it can be piped. */
const print = (answer: unknown, json: boolean | undefined): void => {
  const made = answer as Token & { token: string };
  process.stdout.write(json ? formatJson(made) : `${made.token}\n`);
  if (!json) process.stderr.write(`Token ${made.id} (${made.role}). Keep it now: the hub stores only a hash.\n`);
};

export const register = (program: Command, hub: WithHub): void => {
  const token = program.command('token').description('Tokens with which programs and people use the API');

  const create = token
    .command('create')
    .description('Create a token; it is shown this once')
    .addOption(
      new Option('--role <role>', 'what it permits; public is a key for open data with a higher limit')
        .choices(['public', ...roles])
        .makeOptionMandatory(),
    )
    .option('--municipality <id>', 'only this municipality and what is public')
    .option('--name <text>', 'whom it is for')
    .option('--expires <time>', 'until when it holds, e.g. 2027-01-01T00:00:00Z')
    .option('--json', 'print the answer as JSON')
    .action(async ({ role, municipality, name, expires, json }: CreateOptions) => {
      if (expires !== undefined && parseRfc3339(expires) === undefined) {
        create.error(`error: --expires: write a time as 2027-01-01T00:00:00Z, not "${expires}"`, { exitCode: 2 });
      }
      const request = {
        role,
        ...(municipality !== undefined && { municipality }),
        ...(name !== undefined && { name }),
        ...(expires !== undefined && { expiresAt: expires }),
      };
      print(await hub(async (call) => expectOk(await call('POST', '/api/v1/tokens', request))), json);
    });

  token
    .command('rotate')
    .description('Create a successor of a token; it is shown this once, and the old one holds on for a while')
    .argument('<id>', 'id of the token, see `token list`')
    .option('--overlap <hours>', 'hours for which the old one holds on', '24')
    .option('--json', 'print the answer as JSON')
    .action(async (id: string, { overlap, json }: { overlap: string; json?: boolean }, command: Command) => {
      const overlapHours = Number(overlap);
      if (overlap.trim() === '' || !(overlapHours >= 0)) {
        command.error(`error: --overlap: write hours, e.g. 24, not "${overlap}"`, { exitCode: 2 });
      }
      const path = `/api/v1/tokens/${encodeURIComponent(id)}/rotate`;
      print(await hub(async (call) => expectOk(await call('POST', path, { overlapHours }))), json);
    });

  token
    .command('list')
    .description('List tokens, without their secrets')
    .option('--json', 'print the list as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { items } = (await hub(async (call) => expectOk(await call('GET', '/api/v1/tokens')))) as {
        items: Token[];
      };
      const head = ['ID', 'ROLE', 'MUNICIPALITY', 'NAME', 'CREATED', 'EXPIRES', 'LAST USED'];
      const rows = items.map((one) => [
        one.id,
        one.role,
        one.municipality ?? '-',
        one.name,
        one.createdAt,
        one.expiresAt ?? 'never',
        one.lastUsedAt ?? 'never',
      ]);
      process.stdout.write(json ? formatJson(items) : formatTable(head, rows));
    });

  token
    .command('revoke')
    .description('Revoke a token; what is open with it ends')
    .argument('<id>', 'id of the token, see `token list`')
    .option('--json', 'print the answer as JSON')
    .action(async (id: string, { json }: { json?: boolean }) => {
      await hub(async (call) => expectOk(await call('DELETE', `/api/v1/tokens/${encodeURIComponent(id)}`)));
      process.stdout.write(json ? formatJson({ revoked: id }) : `revoked ${id}\n`);
    });
};
