import type { Agent as HttpAgent } from 'node:http';
import { HttpError, InfluxDB } from '@influxdata/influxdb-client';
import type { InfluxSettings } from './influx-settings.ts';
import { readSecret } from './secret-file.ts';

export type Transport = InfluxDB['transport'];

/** Shortest pause between two looks into the token's file, however many requests are refused. */
const LOOK_EVERY_MS = 1_000;

/** The way to the server with the token that is valid now: one that comes from a file may be exchanged while the hub runs. */
export class Access {
  readonly #settings: InfluxSettings;
  readonly #agent: HttpAgent;
  #token: string;
  #made: Transport | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(settings: InfluxSettings, agent: HttpAgent) {
    this.#settings = settings;
    this.#agent = agent;
    this.#token = settings.token;
  }

  get token(): string {
    return this.#token;
  }

  /** Made at the first request, since it reads a file. */
  get transport(): Transport {
    if (this.#made) return this.#made;
    const { url, caFile } = this.#settings;
    const ca = caFile !== undefined && { ca: readSecret(caFile, 'observations.influxdb.caFile') };
    const transportOptions = { agent: this.#agent, ...ca };
    // Its own time limit watches silence of the socket only and lets go of nothing: ours ends the request.
    this.#made = new InfluxDB({ url, token: this.#token, timeout: 0, transportOptions }).transport;
    return this.#made;
  }

  /** Whether a request that was refused with this token may be sent again with another one. */
  isRenewed(thrown: unknown, refused: string): boolean {
    if (!(thrown instanceof HttpError) || thrown.statusCode !== 401) return false;
    if (this.#token === refused) this.#look();
    return this.#token !== refused;
  }

  #look(): void {
    const { tokenFile } = this.#settings;
    if (tokenFile === undefined || performance.now() - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = performance.now();
    try {
      const token = readSecret(tokenFile, 'observations.influxdb.tokenFile');
      if (token === this.#token) return;
      this.#token = token;
      this.#made = undefined;
    } catch {
      // Somebody is writing it: the refusal is told, and the next one looks again.
    }
  }
}
