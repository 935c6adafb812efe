import { Aedes, type AedesOptions, type Client, type ConnectPacket, type PublishPacket } from 'aedes';

/** What is used of aedes 1.2 beyond its types. */
export interface AedesClient extends Client {
  readonly subscriptions: Readonly<Record<string, { readonly qos: number }>>;
  readonly _parser: {
    settings: { protocolVersion?: number };
    parse: (bytes: Uint8Array) => unknown;
  };
}

export const asAedesClient = (client: Client): AedesClient => client as AedesClient;

type Done = (error?: Error) => void;

/**
 * aedes, but what clients publish goes no further than `authorizePublish`: neither to other clients nor into a store of
 * retained messages nor into queues. By then it is in the journal, which is the only way on.
 */
export class IngestAedes extends Aedes {
  constructor(options: AedesOptions) {
    super(options);
    const forward = super.publish.bind(this) as (packet: PublishPacket, ...rest: unknown[]) => void;
    this.publish = (packet: PublishPacket, client: Client | Done | null, done?: Done): void => {
      if (typeof client === 'function' || !client) forward(packet, client, done);
      else done?.();
    };
  }

  /** Sessions end with their connection and nothing is kept for them: an acknowledgement must not begin to keep something. */
  override async listen(): Promise<void> {
    await super.listen();
    const { persistence } = this as unknown as { persistence: { outgoingClearMessageId: () => Promise<undefined> } };
    persistence.outgoingClearMessageId = async () => undefined;
  }
}

/** A parser that meets what it did not expect ends the connection, not the process. */
export const guardParser = (client: AedesClient): void => {
  const { _parser: parser } = client;
  const parse = parser.parse.bind(parser);
  parser.parse = (bytes) => {
    try {
      return parse(bytes);
    } catch (thrown) {
      client.emit('error', thrown instanceof Error ? thrown : new Error(String(thrown)));
      return 0;
    }
  };
};

/** Lets aedes take a CONNECT of MQTT 5 for one of 3.1.1, while what follows is still parsed as MQTT 5. */
export const acceptMqtt5 = (client: AedesClient, packet: ConnectPacket): void => {
  client._parser.settings = { ...packet, protocolVersion: 5 };
  packet.protocolVersion = 4;
};
