import { randomUUID } from 'node:crypto';
import type { AuthenticateError, Client, ConnectPacket } from 'aedes';
import type { Logger } from 'pino';
import type { Counters } from '../../model/ports.ts';
import { type ClientAccess, publicAccess } from './broker-access.ts';
import type { BrokerConnection } from './broker-connection.ts';
import { acceptMqtt5, asAedesClient } from './ingest-aedes.ts';

export interface LogInOptions {
  /** What each network may do, by its id. */
  readonly access: ReadonlyMap<string, ClientAccess>;
  /** The network that this log-in belongs to; compares in constant time. */
  readonly verify: (user: string, password: Buffer) => string | undefined | Promise<string | undefined>;
  /** Whether one more may read the public feed from this address; undefined where nobody may. */
  readonly hasReaderPlace?: ((client: Client) => boolean) | undefined;
  readonly logger: Logger;
  readonly counters: Counters;
}

export interface LogIn {
  readonly user: string | undefined;
  readonly password: Buffer | undefined;
}

/** Characters of user name and client id together. */
const MAX_CLIENT_ID = 300;

/** Return codes of MQTT 3.1.1 §3.2.2.3, with which aedes answers before it ends the connection. */
const IDENTIFIER_REJECTED = 2;
const BAD_USER_OR_PASSWORD = 4;
const SERVER_UNAVAILABLE = 3;

const isNameless = (text: { readonly length: number } | null | undefined): boolean => (text?.length ?? 0) === 0;

/** Decides who comes in at the embedded broker, and as whom. */
export class LogIns {
  readonly #options: LogInOptions;

  constructor(options: LogInOptions) {
    this.#options = options;
  }

  /**
   * Before the log-in: the client id is bound to the user, so that nobody takes over another's session; the session ends
   * with the connection, since what were kept for ids that never come back would grow for ever; and a will is dropped,
   * since nobody could vouch for it.
   */
  prepare(client: Client, packet: ConnectPacket, connection: BrokerConnection): void {
    const { clientId } = packet;
    const ownId = clientId === '' ? randomUUID() : clientId;
    // Those who come without a name share none: nobody ends the connection of another by its id.
    packet.clientId = isNameless(packet.username) ? `/${randomUUID()}` : `${packet.username ?? ''}/${ownId}`;
    packet.clean = true;
    if (packet.will) {
      this.#refused('will');
      delete packet.will;
    }
    if (packet.protocolVersion === 5) {
      acceptMqtt5(asAedesClient(client), packet);
      connection.speakMqtt5(clientId === '' ? ownId : undefined);
    }
  }

  /** Admits the connection, or answers the error with its return code. */
  async check(client: Client, logIn: LogIn, connection: BrokerConnection): Promise<AuthenticateError | undefined> {
    const refusal = await this.#refusal(client, logIn, connection);
    this.#options.counters.add('plietsch_transport_connections_total', {
      transport: 'broker',
      result: refusal ? 'refused' : 'loggedIn',
    });
    return refusal;
  }

  async #refusal(client: Client, logIn: LogIn, connection: BrokerConnection): Promise<AuthenticateError | undefined> {
    if (client.id.length > MAX_CLIENT_ID) {
      this.#refused('clientId');
      return Object.assign(new Error('the client id is too long'), { returnCode: IDENTIFIER_REJECTED });
    }
    if (this.#options.hasReaderPlace && isNameless(logIn.user) && isNameless(logIn.password)) {
      if (this.#options.hasReaderPlace(client)) {
        connection.admit(publicAccess);
        return undefined;
      }
      this.#refused('tooManyReaders');
      return Object.assign(new Error('all places of readers are taken'), { returnCode: SERVER_UNAVAILABLE });
    }
    const network = await this.#networkOf(logIn);
    const access = network === undefined ? undefined : this.#options.access.get(network);
    if (!access) {
      this.#refused('logIn');
      return Object.assign(new Error('bad user name or password'), { returnCode: BAD_USER_OR_PASSWORD });
    }
    connection.admit(access);
    return undefined;
  }

  async #networkOf({ user, password }: LogIn): Promise<string | undefined> {
    if (user === undefined || password === undefined) return undefined;
    try {
      return await this.#options.verify(user, password);
    } catch (thrown) {
      this.#options.logger.error({ err: thrown }, 'MQTT log-in could not be checked');
      return undefined;
    }
  }

  #refused(reason: string): void {
    this.#options.counters.add('plietsch_broker_refused_total', { reason });
  }
}
