import { text } from 'node:stream/consumers';

/** `docker compose exec -T SERVICE COMMAND...` and `docker compose up`, handed to a stack room; see stack.service.test.ts. */
const [address = '', compose, verb, ...rest] = process.argv.slice(2);
if (compose !== 'compose' || (verb !== 'up' && !(verb === 'exec' && rest[0] === '-T'))) {
  console.error(`the stand-in knows no docker ${[compose, verb, ...rest].join(' ')}`);
  process.exitCode = 125;
} else if (verb === 'exec') {
  const [service, ...command] = rest.slice(1);
  const body = JSON.stringify({ service, command, input: await text(process.stdin) });
  const answer = await fetch(address, { method: 'POST', body });
  const { status, output, errors } = (await answer.json()) as { status: number; output: string; errors: string };
  process.stdout.write(output);
  process.stderr.write(errors);
  process.exitCode = status;
}
