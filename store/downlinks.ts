import type { DownlinkOrder } from '../model/downlink.ts';
import type { DevEui } from '../model/uplink.ts';

/** Orders to devices, kept for ever as their audit. Contract suite: store/downlinks.contract.ts. */
export interface DownlinkStore {
  /** Stores an order, or its new state. */
  put(order: DownlinkOrder): Promise<void>;
  order(id: string): Promise<DownlinkOrder | undefined>;
  /** Newest first; `before` is the id of the last one of the page before. */
  list(query: { device?: DevEui; before?: string; limit: number }): Promise<DownlinkOrder[]>;
  /** Orders that were written down and not handed over, oldest first. */
  queued(): Promise<DownlinkOrder[]>;
}
