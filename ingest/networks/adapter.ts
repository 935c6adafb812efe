import type { EpochMs } from '../../model/time.ts';
import type { Ignored, NetworkEvent, Writing } from '../../model/uplink.ts';

/**
 * Reads the envelopes of one kind of network server. Pure: no clock, no I/O, no state.
 * It trusts no field: whatever the bytes are, it answers an event, says that it ignores them, or throws a HubError with
 * one of the HUB_ENVELOPE_* codes.
 */
export interface NetworkAdapter {
  /** e.g. `chirpstack-v4`: the file name of its documentation and the `kind` of a network's configuration. */
  readonly kind: string;
  /** MQTT topic filters under which this network server publishes, as seen by a subscriber, e.g. `application/+/device/+/event/+`. */
  readonly eventTopics: readonly string[];
  /** MQTT topic filters under which this network server reads downlinks. */
  readonly downlinkTopics: readonly string[];
  /**
   * `topic` is absent when the message came by webhook, or is the pseudo topic `?query` of the request's query.
   * `arrivedAt` is when the hub got the message. Events fall back on it only where the envelope has no time at all, and
   * uplinks only where this kind of network server may leave it out; a time that makes no sense is refused.
   */
  parse(topic: string | undefined, body: Uint8Array, arrivedAt?: EpochMs): NetworkEvent | Writing | Ignored;
}
