import type { EpochMs } from './time.ts';
import type { DevEui, NetworkEvent } from './uplink.ts';

/**
 * queued: written down, not yet handed over; sent: the network server (or its broker) has it; acknowledged: the device
 * has answered; failed: it will not come to that. A downlink that asks for no answer stays sent.
 */
export type DownlinkState = 'queued' | 'sent' | 'acknowledged' | 'failed';

/** What a device is to be sent, and what has become of it. Never changed but by appending to its history. */
export interface DownlinkOrder {
  /** UUID; the network server gets it as its id too, where it takes one. */
  readonly id: string;
  readonly device: DevEui;
  /** Through which it goes: that of the device's newest message. */
  readonly network: string;
  readonly fPort: number;
  readonly hex: string;
  /** What was encoded, where it was not given as bytes. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Whether the device shall answer. */
  readonly confirmed: boolean;
  readonly state: DownlinkState;
  /** Every state with when, by whom and why: who gave the order stands first. */
  readonly history: readonly {
    readonly state: DownlinkState;
    readonly at: EpochMs;
    readonly by: string;
    readonly detail?: string;
  }[];
}

/** What was asked for: either `data` for the model's encoder, or the bytes themselves. */
export type DownlinkRequest = { readonly confirmed: boolean } & (
  | { readonly data: Readonly<Record<string, unknown>> }
  | { readonly fPort: number; readonly hex: string }
);

/** As a network server reads it. */
export interface DownlinkMessage {
  readonly network: string;
  readonly topic: string;
  readonly body: string;
}

const rank: Readonly<Record<DownlinkState, number>> = { queued: 0, sent: 1, acknowledged: 2, failed: 2 };

/** The order in a new state; undefined where it has gone past that already, e.g. for a message that came twice. */
export const advanceDownlink = (
  order: DownlinkOrder,
  step: DownlinkOrder['history'][number],
): DownlinkOrder | undefined =>
  rank[step.state] <= rank[order.state]
    ? undefined
    : { ...order, state: step.state, history: [...order.history, step] };

/** What a network server's event says about a downlink of ours: its id, and the state that follows. */
export const downlinkStepOf = (
  event: NetworkEvent,
): { readonly id: string; readonly state: DownlinkState; readonly detail: string } | undefined => {
  if (event.kind === 'txack' && event.downlinkId !== undefined) {
    return { id: event.downlinkId, state: 'sent', detail: `sent by gateway ${event.gatewayId ?? 'unknown'}` };
  }
  if (event.kind === 'ack' && event.downlinkId !== undefined) {
    return event.acknowledged
      ? { id: event.downlinkId, state: 'acknowledged', detail: 'the device has answered' }
      : { id: event.downlinkId, state: 'failed', detail: 'the device has not answered' };
  }
  return undefined;
};
