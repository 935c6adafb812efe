import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './free-port.ts';

/** One way of spoiling a connection; names and attributes are Toxiproxy's own. */
export interface Toxic {
  readonly type: 'latency' | 'bandwidth' | 'timeout' | 'slow_close' | 'reset_peer' | 'slicer';
  /** `upstream` goes from the hub to the service. */
  readonly stream: 'upstream' | 'downstream';
  readonly attributes: Readonly<Record<string, number>>;
}

/** The place between hub and service, at which connections are spoilt or not. */
export interface ToxicPlace {
  /** Address to connect to instead, host and port. */
  readonly host: string;
  spoil(toxics: readonly Toxic[]): Promise<void>;
  heal(): Promise<void>;
}

export interface Toxiproxy {
  /** Opens a place before a service, given its host and port. */
  before(name: string, service: string): Promise<ToxicPlace>;
  stop(): Promise<void>;
}

/** A Toxiproxy server on free ports of the loopback address, spoken to over its HTTP API. */
export const startToxiproxy = async (program: string): Promise<Toxiproxy> => {
  const port = await freePort();
  const child = spawn(program, ['-host', '127.0.0.1', '-port', String(port)], { stdio: 'ignore' });
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`toxiproxy ${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  await listening(() => call('GET', '/proxies'));

  return {
    before: async (name, service) => {
      const proxy = { name, listen: '127.0.0.1:0', upstream: service, enabled: true };
      const { listen } = await call<{ listen: string }>('POST', '/proxies', proxy);
      const place = `/proxies/${name}/toxics`;
      const present: string[] = [];
      return {
        host: listen,
        spoil: async (toxics) => {
          for (const { type, stream, attributes } of toxics) {
            const toxic = `${type}_${stream}`;
            await call('POST', place, { name: toxic, type, stream, attributes });
            present.push(toxic);
          }
        },
        heal: async () => {
          for (const toxic of present.splice(0)) await call('DELETE', `${place}/${toxic}`);
        },
      };
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
};

const listening = async (ask: () => Promise<unknown>): Promise<void> => {
  let last: unknown;
  for (let i = 0; i < 200; i++) {
    try {
      await ask();
      return;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('toxiproxy does not listen', { cause: last });
};
