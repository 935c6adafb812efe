import mqtt, { type MqttClient } from 'mqtt';
import { devEuiOf, topicOf, uplinkBody } from './chirpstack-uplink.ts';
import { NETWORK } from './hub-process.ts';

/** Identity of a published uplink. */
export interface Sent {
  readonly devEui: string;
  readonly fCnt: number;
}

/** A network server that never stops: QoS 1, persistent session, a bounded number of unacknowledged uplinks. */
export class Publisher {
  readonly #client: MqttClient;
  readonly acknowledged: Sent[] = [];
  readonly #devices: number;
  #sent = 0;
  #inFlight = 0;
  #running = false;
  #ended = false;
  #drained: (() => void) | undefined;
  /** Earliest time of the next uplink, where they are paced. */
  #nextAt = 0;

  constructor({ port, devices = 20, clientId }: { port: number; devices?: number; clientId: string }) {
    this.#devices = devices;
    this.#client = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
      clientId,
      username: NETWORK.user,
      password: NETWORK.password,
      clean: false,
      reconnectPeriod: 50,
      connectTimeout: 2_000,
      reconnectOnConnackError: true,
    });
    // A hub that is being killed resets connections; the client tries again by itself.
    this.#client.on('error', () => undefined);
  }

  get sent(): number {
    return this.#sent;
  }

  async connected(): Promise<void> {
    if (!this.#client.connected) await new Promise((resolve) => this.#client.once('connect', resolve));
  }

  /** Publishes until stopped, with at most `inFlight` uplinks unacknowledged, at most `perS` in a second. */
  run(inFlight: number, perS = Number.POSITIVE_INFINITY): void {
    this.#running = true;
    while (this.#inFlight < inFlight) this.#publish(1000 / perS);
  }

  /** Publishes no more and waits until everything is acknowledged. */
  async stop(timeoutMs = 30_000): Promise<void> {
    this.#running = false;
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${this.#inFlight} uplinks are still unacknowledged`)),
        timeoutMs,
      );
      this.#drained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  end(): void {
    this.#running = false;
    this.#ended = true;
    this.#client.end(true);
  }

  #publish(everyMs: number): void {
    this.#inFlight++;
    const now = Date.now();
    const at = Math.max(now, this.#nextAt);
    this.#nextAt = at + everyMs;
    const send = (): void => {
      if (!this.#running) {
        this.#settled();
        return;
      }
      this.#send(this.#sent++, () => {
        this.#settled();
        if (this.#running) this.#publish(everyMs);
      });
    };
    if (at > now) setTimeout(send, at - now);
    else send();
  }

  #settled(): void {
    this.#inFlight--;
    if (!this.#running && this.#inFlight === 0) this.#drained?.();
  }

  /** Sends uplink number n until it is acknowledged: a broken connection may hand it back unsent. */
  #send(n: number, acknowledged: () => void): void {
    const devEui = devEuiOf(n % this.#devices);
    const fCnt = Math.floor(n / this.#devices);
    const body = uplinkBody({ devEui, fCnt, time: Date.UTC(2026, 2, 2) + n * 1000, distanceMm: 500 + (n % 1000) });
    this.#client.publish(topicOf(devEui), body, { qos: 1 }, (error) => {
      if (error) {
        if (!this.#ended) setTimeout(() => this.#send(n, acknowledged), 50);
        return;
      }
      this.acknowledged.push({ devEui, fCnt });
      acknowledged();
    });
  }
}
