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
  /** Resolves when both connections stand. Throws HUB_UNAVAILABLE where the broker refuses one, or the signal's reason. */
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
  let connected = 0;
  let acknowledged = 0;
  let acknowledgedUntil: EpochMs | undefined;
  let failure: HubError | undefined;
  let stopped = false;
  let waiting: (() => void)[] = [];
  const wake = (): void => {
    const all = waiting;
    waiting = [];
    for (const resolve of all) resolve();
  };
  const fail = (user: string, error: unknown): void => {
    if (!stopped)
      failure ??= new HubError('HUB_UNAVAILABLE', `The broker at ${url} refuses ${user}: ${String(error)}`, {
        cause: error,
      });
    wake();
  };
  /** Waits for a condition, or until stopped. Throws the failure that makes waiting useless. */
  const reach = async (holds: () => boolean): Promise<void> => {
    while (!failure && !stopped && !holds()) await new Promise<void>((resolve) => waiting.push(resolve));
    if (failure) throw failure;
  };
  const land = (flight: Flight): void => {
    flight.done = true;
    acknowledged++;
    // Others of the same millisecond may still be on their way.
    for (let first = flights[0]; first?.done; first = flights[0]) {
      acknowledgedUntil = first.at - 1;
      flights.shift();
    }
    wake();
  };

  return {
    start: async (signal) => {
      signal.throwIfAborted();
      for (const [network, login] of Object.entries(credentials)) {
        const clientId = `plietsch-simulator-${network}`;
        const client = connect(url, {
          ...login,
          clientId,
          clean: false,
          reconnectPeriod: 1_000,
          keepalive: 30,
          resubscribe: false,
        });
        // mqtt.js itself tries again where the broker is not there yet or a connection broke; only a refusal is final.
        client.on('error', (error) => {
          if (isRefusal(error)) fail(login.username, error);
        });
        client.once('connect', () => {
          connected++;
          wake();
        });
        clients.set(network as DemoNetwork, client);
      }
      await reach(() => connected === clients.size);
      signal.throwIfAborted();
    },
    publish: async (message) => {
      await reach(() => flights.length < inFlight);
      const client = clients.get(message.network);
      if (stopped || !client) return;
      const flight = { at: message.at, done: false };
      flights.push(flight);
      const { buffer, byteOffset, byteLength } = message.body;
      client.publishAsync(message.topic, Buffer.from(buffer, byteOffset, byteLength), { qos: 1 }).then(
        () => land(flight),
        (error: unknown) => fail(credentials[message.network].username, error),
      );
    },
    drain: () => reach(() => flights.length === 0),
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
      return acknowledgedUntil;
    },
  };
};

/** A CONNACK that refuses carries a numeric code; ECONNREFUSED and its like carry a text and are tried again. */
const isRefusal = (error: Error): boolean => 'code' in error && typeof error.code === 'number';
