import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** One MQTT connection each; the client id is the user name, to which brokers bind it. */
export interface Login {
  readonly clientId: string;
  readonly user: string;
  readonly password: string;
}

/** What a publisher process is told to send. */
export interface PublishJob {
  readonly port: number;
  readonly logins: readonly Login[];
  readonly count: number;
  /** Of the last uplinks, epoch ms; live messages carry the time at which they are sent. */
  readonly end: number;
  /** Messages of one connection that may be unacknowledged. */
  readonly window: number;
  /** Absent: as fast as they are acknowledged. */
  readonly ratePerS?: number;
  /** With a rate: times of the past, so that no device exceeds what it may send in an hour. */
  readonly isPast?: boolean;
}

/** All times are epoch ms. */
export interface PublishReport {
  readonly firstPublishAt: number;
  readonly lastAckAt: number;
  readonly acknowledged: number;
  readonly cpuS: number;
  readonly bodyBytes: number;
}

export type FromPublisher =
  | { readonly type: 'ready' }
  | ({ readonly type: 'done' } & PublishReport)
  | { readonly type: 'failed'; readonly message: string };

/** A publisher in a process of its own, with everything prepared and connected before it is told to go. */
export interface PublisherProcess {
  readonly pid: number;
  /** Sends everything; resolves when the last message is acknowledged. */
  publish(): Promise<PublishReport>;
  stop(): Promise<void>;
}

export const startPublisher = async (job: PublishJob): Promise<PublisherProcess> => {
  const child = fork(new URL('./publish.ts', import.meta.url), { execArgv: [] });
  child.send(job);
  await answerOf(child, 'ready');
  return {
    pid: child.pid ?? 0,
    publish: async () => {
      child.send('go');
      return answerOf(child, 'done');
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
};

const answerOf = <T extends FromPublisher['type']>(
  child: ChildProcess,
  type: T,
): Promise<Extract<FromPublisher, { type: T }>> =>
  new Promise((resolve, reject) => {
    const exited = (code: number | null) => reject(new Error(`The publisher ended with ${code}`));
    child.once('exit', exited);
    child.once('message', (message: FromPublisher) => {
      child.off('exit', exited);
      if (message.type === type) resolve(message as Extract<FromPublisher, { type: T }>);
      else reject(new Error(message.type === 'failed' ? message.message : `unexpected ${message.type}`));
    });
  });
