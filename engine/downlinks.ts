import { randomUUID } from 'node:crypto';
import type { Catalogue } from '../devices/catalogue.ts';
import { downlinkMessage } from '../ingest/networks/downlinks.ts';
import {
  advanceDownlink,
  type DownlinkMessage,
  type DownlinkOrder,
  type DownlinkRequest,
  type DownlinkState,
} from '../model/downlink.ts';
import { HubError } from '../model/errors.ts';
import type { OrderedDownlink } from '../model/ports.ts';
import type { EpochMs } from '../model/time.ts';
import type { DownlinkStore } from '../store/downlinks.ts';
import type { Entry } from '../store/journal.ts';
import type { RegistryIndex } from '../store/registry-index.ts';

/** RP002-1.0.4: the largest application payload of any data rate. */
const MAX_BYTES = 242;

export interface DownlinkDeps {
  readonly downlinks: DownlinkStore;
  readonly registry: RegistryIndex;
  readonly catalogue: Catalogue;
  readonly networks: readonly { readonly id: string; readonly kind: string }[];
  /** The newest message of a device. */
  readonly newest: (devEui: string) => Promise<Entry | undefined>;
  readonly clock: () => EpochMs;
}

/** Orders to devices as the writer thread keeps them; handing them over is the main thread's part, see downlink-sender.ts. */
export const createDownlinkCommands = (deps: DownlinkDeps) => {
  const { downlinks, registry, clock } = deps;

  /** Encodes and addresses an order; writes it down as queued unless this is a dry run. */
  const orderDownlink = async (
    devEui: string,
    request: DownlinkRequest,
    { by, dryRun }: { by: string; dryRun: boolean },
  ): Promise<OrderedDownlink> => {
    const device = registry.require('device', devEui);
    const payload = encode(device.profile, request, deps.catalogue);
    const newest = await deps.newest(devEui);
    if (!newest) {
      throw new HubError('HUB_DOWNLINK_NO_WAY', `Nothing was ever heard of device ${devEui}: its network is not known`);
    }
    const order: DownlinkOrder = {
      id: randomUUID(),
      device: devEui,
      network: newest.network,
      ...payload,
      ...('data' in request && { data: request.data }),
      confirmed: request.confirmed,
      state: 'queued',
      history: [{ state: 'queued', at: clock(), by }],
    };
    const message = addressed(order, newest.topic, deps);
    if (!dryRun) await downlinks.put(order);
    return { order, message };
  };

  /** Notes what became of an order; answers it as it is then. */
  const settleDownlink = async (
    id: string,
    { state, by, detail }: { state: DownlinkState; by: string; detail: string },
  ): Promise<DownlinkOrder> => {
    const order = await downlinks.order(id);
    if (!order) throw new HubError('HUB_NOT_FOUND', `There is no downlink ${id}`);
    const next = advanceDownlink(order, { state, at: clock(), by, detail });
    if (next) await downlinks.put(next);
    return next ?? order;
  };

  /** Orders that were written down before the hub went down, with their messages. */
  const waitingDownlinks = async (): Promise<OrderedDownlink[]> => {
    const waiting: OrderedDownlink[] = [];
    for (const order of await downlinks.queued()) {
      const newest = await deps.newest(order.device);
      waiting.push({ order, message: addressed(order, newest?.topic, deps) });
    }
    return waiting;
  };

  return {
    orderDownlink,
    settleDownlink,
    waitingDownlinks,
    downlink: (id: string) => downlinks.order(id),
    downlinks: (query: { device?: string; before?: string; limit: number }) => downlinks.list(query),
  };
};

const addressed = (order: DownlinkOrder, topic: string | undefined, { networks }: DownlinkDeps): DownlinkMessage => {
  const kind = networks.find(({ id }) => id === order.network)?.kind;
  if (kind === undefined) throw new HubError('HUB_NETWORK_UNKNOWN', `The network ${order.network} is not configured`);
  return downlinkMessage(kind, order, topic);
};

const encode = (profile: string, request: DownlinkRequest, catalogue: Catalogue): { fPort: number; hex: string } => {
  if ('hex' in request) {
    const { fPort, hex } = request;
    return { fPort, hex: checked(hex.toLowerCase()) };
  }
  const encoder = catalogue.get(profile)?.downlink;
  if (!encoder) throw new HubError('HUB_CODEC_NO_DOWNLINK', `${profile} has no encoder; give fPort and hex instead`);
  const { fPort, bytes } = encoder.encodeDownlink(request.data);
  return { fPort, hex: checked(bytes.toHex()) };
};

const checked = (hex: string): string => {
  if (hex.length <= 2 * MAX_BYTES) return hex;
  throw new HubError('HUB_CODEC_PAYLOAD', `${hex.length / 2} bytes; a LoRaWAN frame carries at most ${MAX_BYTES}`);
};
