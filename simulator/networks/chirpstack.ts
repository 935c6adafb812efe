import { type EpochMs, formatTime } from '../../model/time.ts';
import { keyed, keyOf } from '../random.ts';
import { type Frame, hex32, type Message, type NetworkDevice, toBase64, toBody, word64 } from './message.ts';

/** A UUID (RFC 9562, the bits of version 4) from a random key. */
const uuid = (key: number): string => {
  const words = [0, 1, 2, 3].map((i) => hex32(keyed(key, i))).join('');
  return `${words.slice(0, 8)}-${words.slice(8, 12)}-4${words.slice(13, 16)}-a${words.slice(17, 20)}-${words.slice(20, 32)}`;
};

/** ChirpStack writes nanoseconds and a numeric offset. */
const timeText = (time: EpochMs): string => `${formatTime(time).slice(0, -1)}000000+00:00`;

const tenantId = uuid(keyOf('plietsch demo'));

interface Described {
  readonly info: Readonly<Record<string, unknown>>;
  readonly topic: string;
}

const described = new WeakMap<NetworkDevice, Described>();

/** What every event of a device says about it; made once, as a year's messages say it a million times. */
const describe = (device: NetworkDevice): Described => {
  let description = described.get(device);
  if (!description) {
    const { devEui, name, profile, application, thing } = device;
    const applicationId = uuid(keyOf(application));
    const info = {
      tenantId,
      tenantName: 'Landkreis (simuliert)',
      applicationId,
      applicationName: application,
      deviceProfileId: uuid(keyOf(profile)),
      deviceProfileName: `${profile} EU868`,
      deviceName: name,
      devEui,
      deviceClassEnabled: 'CLASS_A',
      tags: { thing, simulated: 'true' },
    };
    description = { info, topic: `application/${applicationId}/device/${devEui}/event/` };
    described.set(device, description);
  }
  return description;
};

const message = (device: NetworkDevice, event: string, at: EpochMs, document: unknown): Message => ({
  at,
  network: 'demo-chirpstack',
  topic: describe(device).topic + event,
  body: toBody(document),
});

/**
 * An uplink event of ChirpStack v4 with the JSON marshaler. `time` is the gateways' (GNSS) time where there is one, so
 * a frame that a gateway kept during an outage carries the time of its reception, and nsTime that of its delivery.
 */
export const chirpstackUplink = (frame: Frame): Message => {
  const { device, spreadingFactor, frequencyHz, heardAt, at, key } = frame;
  const heard = timeText(heardAt);
  const received = timeText(at - 220);
  return message(device, 'up', at, {
    deduplicationId: uuid(key),
    time: heard,
    deviceInfo: describe(device).info,
    devAddr: frame.devAddr,
    adr: true,
    dr: 12 - spreadingFactor,
    fCnt: frame.fCnt,
    fPort: frame.fPort,
    confirmed: false,
    data: toBase64(frame.bytes),
    rxInfo: frame.hearings.map(({ gateway, rssiDbm, snrDb }, i) => ({
      gatewayId: gateway.id,
      uplinkId: keyed(key, 10 + i) >>> 16,
      gwTime: heard,
      nsTime: received,
      ...(rssiDbm !== 0 && { rssi: rssiDbm }),
      ...(snrDb !== 0 && { snr: snrDb }),
      channel: 1 + (keyed(key, 9) & 3),
      rfChain: 1,
      location: { latitude: gateway.lat, longitude: gateway.lon },
      context: word64(keyed(key, 20 + i)),
      crcStatus: 'CRC_OK',
      metadata: { region_common_name: 'EU868', region_config_id: 'eu868' },
    })),
    txInfo: {
      frequency: frequencyHz,
      modulation: { lora: { bandwidth: 125_000, spreadingFactor, codeRate: 'CR_4_5' } },
    },
    regionConfigId: 'eu868',
  });
};

interface DeviceEvent {
  readonly device: NetworkDevice;
  readonly at: EpochMs;
  readonly key: number;
}

export const chirpstackJoin = ({ device, at, key }: DeviceEvent, devAddr: string): Message =>
  message(device, 'join', at, {
    deduplicationId: uuid(key),
    time: timeText(at - 210),
    deviceInfo: describe(device).info,
    devAddr,
    regionConfigId: 'eu868',
  });

/** The answer to a DevStatusReq; `batteryPercent` is absent for devices with an external supply. */
export const chirpstackStatus = (
  { device, at, key }: DeviceEvent,
  { marginDb, batteryPercent }: { readonly marginDb: number; readonly batteryPercent?: number },
): Message =>
  message(device, 'status', at, {
    deduplicationId: uuid(key),
    time: timeText(at - 30),
    deviceInfo: describe(device).info,
    margin: marginDb,
    externalPowerSource: batteryPercent === undefined,
    batteryLevelUnavailable: false,
    batteryLevel: batteryPercent === undefined ? 0 : Math.round(batteryPercent * 100) / 100,
  });
