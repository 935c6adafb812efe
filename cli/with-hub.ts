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
    const response = await fetch(new URL(path, httpUrl), {
      method,
      headers: {
        authorization: `Bearer ${credential}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };

/** A file left behind by a killed hub names a process that no longer answers. */
const isAlive = async ({ httpUrl }: RunFile): Promise<boolean> => {
  try {
    await fetch(new URL('/health', httpUrl), { signal: AbortSignal.timeout(3_000) });
    return true;
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
