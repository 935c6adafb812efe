import { connect, type MqttClient } from 'mqtt';
import { HubError } from '../model/errors.ts';
import type { EpochMs } from '../model/time.ts';
import type { Message } from './networks/message.ts';
import type { DemoNetwork } from './radio.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface PublisherOptions {
  /** mqtt://, mqtts:// or ws:// of the broker. */
  readonly url: string;
  readonly credentials: Readonly<Record<DemoNetwork, Credentials>>;
  /** Messages published and not yet acknowledged, over both connections; more wait. */
  readonly inFlight?: number;
}

/** Publishes as the two network servers do: each over its own connection, QoS 1, in order, sending again after a break. */
export interface Publisher {
  start(signal: AbortSignal): Promise<void>;
  /** Resolves as soon as there is room for the next one. Throws HUB_UNAVAILABLE once the broker has refused for good. */
  publish(message: Message): Promise<void>;
  /** Resolves when everything is acknowledged. */
  drain(): Promise<void>;
  stop(): Promise<void>;
  readonly acknowledged: number;
  /** Everything up to and including this instant is acknowledged. */
  readonly acknowledgedUntil: EpochMs | undefined;
}

interface Flight {
  readonly at: EpochMs;
  done: boolean;
}

export const createPublisher = ({ url, credentials, inFlight = 200 }: PublisherOptions): Publisher => {
  const clients = new Map<DemoNetwork, MqttClient>();
  const flights: Flight[] = [];
  let acknowledged = 0;
  let until: EpochMs | undefined;
  let failure: HubError | undefined;
  let stopped = false;
  let waiting: (() => void)[] = [];
  const wake = (): void => {
    const all = waiting;
    waiting = [];
    for (const resolve of all) resolve();
  };
  const fail = (error: unknown): void => {
    if (!stopped)
      failure ??= new HubError('HUB_UNAVAILABLE', `The broker at ${url} refuses the simulator: ${String(error)}`, {
        cause: error,
      });
    wake();
  };
  const settled = async (limit: number): Promise<void> => {
    while (flights.length >= limit) {
      if (failure) throw failure;
      if (stopped) return;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    if (failure) throw failure;
  };
  const land = (flight: Flight): void => {
    flight.done = true;
    acknowledged++;
    // Others of the same millisecond may still be on their way.
    for (let first = flights[0]; first?.done; first = flights[0]) {
      until = first.at - 1;
      flights.shift();
    }
    wake();
  };

  return {
    start: async (signal) => {
      await Promise.all(
        Object.entries(credentials).map(async ([network, login]) => {
          const client = await open(url, { ...login, clientId: `plietsch-simulator-${network}` }, signal);
          // Breaks are mended by mqtt.js itself; only a refusal is final.
          client.on('error', (error) => {
            if (isRefusal(error)) fail(error);
          });
          clients.set(network as DemoNetwork, client);
        }),
      );
    },
    publish: async (message) => {
      await settled(inFlight);
      const client = clients.get(message.network);
      if (stopped || !client) return;
      const flight = { at: message.at, done: false };
      flights.push(flight);
      client.publishAsync(message.topic, Buffer.from(message.body), { qos: 1 }).then(() => land(flight), fail);
    },
    drain: () => settled(1),
    stop: async () => {
      stopped = true;
      wake();
      await Promise.all([...clients.values()].map((client) => client.endAsync(true)));
      clients.clear();
    },
    get acknowledged() {
      return acknowledged;
    },
    get acknowledgedUntil() {
      return until;
    },
  };
};

/** A CONNACK that refuses carries a numeric code; ECONNREFUSED and its like carry a text and are tried again. */
const isRefusal = (error: Error): boolean => 'code' in error && typeof error.code === 'number';

/** Connects; a broker that is not there yet is tried again every second, one that refuses the log-in is not. */
const open = (url: string, login: Credentials & { clientId: string }, signal: AbortSignal): Promise<MqttClient> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const client = connect(url, { ...login, clean: false, reconnectPeriod: 1_000, keepalive: 30, resubscribe: false });
    const finish = (done: () => void): void => {
      signal.removeEventListener('abort', abort);
      client.removeListener('connect', onConnect);
      client.removeListener('error', onError);
      done();
    };
    const give = (error: unknown): void =>
      finish(() => {
        client.on('error', () => undefined);
        client.end(true);
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    const onConnect = (): void => finish(() => resolve(client));
    const onError = (error: Error): void => {
      if (isRefusal(error))
        give(
          new HubError('HUB_UNAVAILABLE', `The broker at ${url} refuses ${login.username}: ${error.message}`, {
            cause: error,
          }),
        );
    };
    const abort = (): void => give(signal.reason);
    signal.addEventListener('abort', abort);
    client.on('connect', onConnect);
    client.on('error', onError);
  });
