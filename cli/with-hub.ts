import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { loadConfig } from '../config.ts';
import { type HubAnswer, type HubCall, type RunFile, readRunFile } from '../engine/run-file.ts';
import { createHub } from '../hub.ts';
import { HubError } from '../model/errors.ts';

export type { HubCall };

/** Lends a way to call the hub: the running one over HTTP, or one opened in this process for as long as `use` takes. */
export type WithHub = <T>(use: (call: HubCall) => Promise<T>) => Promise<T>;

const overHttp =
  ({ httpUrl, credential }: RunFile): HubCall =>
  async (method, path, body) => {
    const headers = {
      authorization: `Bearer ${credential}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    // Not fetch, which gives up after five minutes: the backup of a large hub takes longer.
    const asked = request(new URL(path, httpUrl), { method, headers });
    asked.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const answer = await text(response);
    return { status: response.statusCode ?? 0, body: answer === '' ? undefined : JSON.parse(answer) };
  };

/** A file left behind by a killed hub names a port where nobody answers, or somebody who does not know its credential. */
const isAlive = async ({ httpUrl, credential }: RunFile): Promise<boolean> => {
  try {
    const { ok } = await fetch(new URL('/health', httpUrl), {
      headers: { authorization: `Bearer ${credential}` },
      signal: AbortSignal.timeout(3_000),
    });
    return ok;
  } catch {
    return false;
  }
};

export const withHub: WithHub = async (use) => {
  const config = loadConfig();
  const run = readRunFile(config.data);
  if (run && (await isAlive(run))) return use(overHttp(run));
  const hub = createHub({ ...config, demo: false, log: { level: 'silent' } });
  try {
    await hub.open();
    return await use(hub.call);
  } finally {
    await hub.stop();
  }
};

/** The answer's body, or the hub's refusal as an error. */
export const expectOk = ({ status, body }: HubAnswer): unknown => {
  if (status < 400) return body;
  const problem = body as { code?: string; detail?: string; title?: string; faults?: HubError['faults'] };
  throw new HubError(
    (problem.code ?? 'HUB_INTERNAL') as HubError['code'],
    problem.detail ?? problem.title ?? `HTTP ${status}`,
    {
      faults: problem.faults ?? [],
    },
  );
};
