import { get, type IncomingMessage } from 'node:http';

/** Reads answers in a process of its own, so that taking them in costs the measuring process nothing. */
export interface HeavyJob {
  readonly url: string;
  /** Again and again until the process is ended. */
  readonly repeat: boolean;
}

export interface HeavyReport {
  readonly status: number;
  readonly bytes: number;
  readonly seconds: number;
  /** The body came to its end. */
  readonly whole: boolean;
}

const readOnce = (url: string): Promise<HeavyReport> =>
  new Promise((resolve, reject) => {
    const begin = performance.now();
    get(url, (response: IncomingMessage) => {
      let bytes = 0;
      response.on('data', (part: Buffer) => {
        bytes += part.length;
      });
      response.on('close', () => {
        const seconds = (performance.now() - begin) / 1_000;
        resolve({ status: response.statusCode ?? 0, bytes, seconds, whole: response.complete });
      });
      response.on('error', () => undefined);
    }).on('error', reject);
  });

const work = async ({ url, repeat }: HeavyJob): Promise<void> => {
  do process.send?.(await readOnce(url));
  while (repeat);
};
process.on('message', (job: HeavyJob) => void work(job));
process.on('disconnect', () => process.exit());
