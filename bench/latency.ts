import { Agent, get, type IncomingMessage } from 'node:http';
import type { HubProcess } from '../test/support/hub-process.ts';
import { percentile } from './live-latency.ts';
import { cpuSecondsOf } from './process-figures.ts';

const WARM_UP = 5;

export const say = (text: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

export interface Latency {
  readonly p50: number;
  readonly p99: number;
  /** CPU time of the hub for each, all its threads. */
  readonly cpuMs: number;
  readonly bytes: number;
}

/** Requests one after the other over one connection; one that is not well answered ends the run. */
export const createMeasure = (requests: number) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  const ask = (url: string): Promise<{ ms: number; body: Buffer }> =>
    new Promise((resolve, reject) => {
      const begin = performance.now();
      get(url, { agent }, (response: IncomingMessage) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const ms = performance.now() - begin;
          const body = Buffer.concat(parts);
          if (response.statusCode === 200) resolve({ ms, body });
          else reject(new Error(`${url} answered ${response.statusCode}: ${body.toString().slice(0, 500)}`));
        });
      }).on('error', reject);
    });

  /** Latency of one kind of request; `check` says whether an answer holds what it should. */
  const measure = async (hub: HubProcess, path: string, check: (body: Buffer) => boolean): Promise<Latency> => {
    const url = new URL(path, hub.run.httpUrl).href;
    for (let i = 0; i < WARM_UP; i++) await ask(url);
    const begin = cpuSecondsOf(hub.run.pid);
    const times: number[] = [];
    let bytes = 0;
    for (let i = 0; i < requests; i++) {
      const { ms, body } = await ask(url);
      times.push(ms);
      bytes = body.length;
      if (i === 0 && !check(body)) throw new Error(`${path} answered something else: ${body.toString().slice(0, 300)}`);
    }
    times.sort((a, b) => a - b);
    const cpuMs = ((cpuSecondsOf(hub.run.pid) - begin) / times.length) * 1_000;
    return { p50: round(percentile(times, 0.5)), p99: round(percentile(times, 0.99)), cpuMs: round(cpuMs, 2), bytes };
  };

  return { ask, measure, close: () => agent.destroy() };
};
