import type { DownlinkOrder, DownlinkRequest } from '../model/downlink.ts';
import { asHubError, HubError } from '../model/errors.ts';
import type { Downlinks, OrderedDownlink } from '../model/ports.ts';

export interface DownlinkSenderDeps {
  /** Calls a method of the writer thread. */
  readonly write: <T>(method: string, ...args: readonly unknown[]) => Promise<T>;
  /** Hands a message to the network; answers how many clients took it. */
  readonly publish: (network: string, topic: string, body: Uint8Array) => Promise<number>;
}

const HUB = 'hub';

/** Writes orders down in the writer thread, and only then hands them to the network servers. */
export class DownlinkSender implements Downlinks {
  readonly #deps: DownlinkSenderDeps;

  constructor(deps: DownlinkSenderDeps) {
    this.#deps = deps;
  }

  async order(
    devEui: string,
    request: DownlinkRequest,
    options: { by: string; dryRun: boolean },
  ): Promise<OrderedDownlink> {
    const ordered = await this.#deps.write<OrderedDownlink>('orderDownlink', devEui, request, options);
    if (options.dryRun) return ordered;
    return { ...ordered, order: await this.#send(ordered) };
  }

  get(id: string): Promise<DownlinkOrder | undefined> {
    return this.#deps.write('downlink', id);
  }

  list(query: { device?: string; before?: string; limit: number }): Promise<DownlinkOrder[]> {
    return this.#deps.write('downlinks', query);
  }

  /** Hands over what a hub that went down had written down and not sent; an order may so be sent twice, never lost. */
  async resume(): Promise<number> {
    const waiting = await this.#deps.write<OrderedDownlink[]>('waitingDownlinks');
    for (const ordered of waiting) await this.#send(ordered);
    return waiting.length;
  }

  async #send({ order, message }: OrderedDownlink): Promise<DownlinkOrder> {
    const settle = (state: 'sent' | 'failed', detail: string) =>
      this.#deps.write<DownlinkOrder>('settleDownlink', order.id, { state, by: HUB, detail });
    try {
      const receivers = await this.#deps.publish(message.network, message.topic, Buffer.from(message.body));
      if (receivers === 0) {
        throw new HubError('HUB_DOWNLINK_NO_WAY', `No client of network ${message.network} reads ${message.topic}`);
      }
      return await settle('sent', `handed to network ${message.network}`);
    } catch (thrown) {
      const { code, message: detail } = asHubError(thrown);
      return settle('failed', `${code}: ${detail}`);
    }
  }
}
