import { type EpochMs, formatTime } from '../../model/time.ts';
import { keyed, keyOf } from '../random.ts';
import { slugOf } from '../slug.ts';
import { type Frame, hex32, type Message, type NetworkDevice, toBase64, toBody, word64 } from './message.ts';

/** The Things Stack writes nanoseconds and Z. */
const timeText = (time: EpochMs): string => `${formatTime(time).slice(0, -1)}000000Z`;

const endDeviceIds = (device: NetworkDevice, devAddr: string) => ({
  device_id: `eui-${device.devEui}`,
  application_ids: { application_id: slugOf(device.application) },
  dev_eui: device.devEui.toUpperCase(),
  join_eui: '0253494D000000FF',
  dev_addr: devAddr.toUpperCase(),
});

/** Sixteen bytes, the same for all frames of one session. */
const sessionKeyId = (device: NetworkDevice, devAddr: string): string => {
  const key = keyOf(device.devEui + devAddr);
  return Buffer.from([0, 1, 2, 3].map((i) => hex32(keyed(key, i))).join(''), 'hex').toString('base64');
};

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** A ULID: the time in 48 bits and eighty random ones, Crockford's base 32. */
const ulid = (time: EpochMs, key: number): string => {
  let text = '';
  for (let i = 9, rest = time; i >= 0; i--, rest = Math.floor(rest / 32)) text = (CROCKFORD[rest % 32] ?? '0') + text;
  for (let i = 0; i < 16; i++) text += CROCKFORD[keyed(key, 100 + i) & 31] ?? '0';
  return text;
};

const message = (device: NetworkDevice, event: string, at: EpochMs, document: unknown): Message => ({
  at,
  network: 'demo-tts',
  topic: `v3/${slugOf(device.application)}@demo/devices/eui-${device.devEui}/${event}`,
  body: toBody(document),
});

/** An uplink message of The Things Stack v3: members that are empty, zero or false are left out, as the server does. */
export const thingsStackUplink = (frame: Frame): Message => {
  const { device, devAddr, spreadingFactor, heardAt, at, key } = frame;
  const heard = timeText(heardAt);
  const gatewayServerAt = timeText(heardAt + 30);
  const timestamp = keyed(key, 5) >>> 0;
  return message(device, 'up', at, {
    end_device_ids: endDeviceIds(device, devAddr),
    correlation_ids: [`as:up:${ulid(at, key)}`],
    received_at: timeText(at),
    uplink_message: {
      session_key_id: sessionKeyId(device, devAddr),
      f_port: frame.fPort,
      ...(frame.fCnt > 0 && { f_cnt: frame.fCnt }),
      frm_payload: toBase64(frame.bytes),
      rx_metadata: frame.hearings.map(({ gateway, rssiDbm, snrDb }, i) => ({
        gateway_ids: { gateway_id: gateway.name, eui: gateway.id.toUpperCase() },
        time: heard,
        timestamp,
        rssi: rssiDbm,
        channel_rssi: rssiDbm,
        ...(snrDb !== 0 && { snr: snrDb }),
        location: { latitude: gateway.lat, longitude: gateway.lon, altitude: 20, source: 'SOURCE_REGISTRY' },
        uplink_token: word64(keyed(key, 30 + i)),
        channel_index: 1 + (keyed(key, 9) & 3),
        received_at: gatewayServerAt,
      })),
      settings: {
        data_rate: { lora: { bandwidth: 125_000, spreading_factor: spreadingFactor, coding_rate: '4/5' } },
        frequency: String(frame.frequencyHz),
        timestamp,
        time: heard,
      },
      received_at: timeText(at - 40),
      consumed_airtime: `${(0.0257 * 2 ** (spreadingFactor - 7) * (1 + frame.bytes.length / 24)).toFixed(6)}s`,
      network_ids: { net_id: '000013', tenant_id: 'demo', cluster_id: 'eu1' },
    },
  });
};

export const thingsStackJoin = (
  { device, at, key }: { readonly device: NetworkDevice; readonly at: EpochMs; readonly key: number },
  devAddr: string,
): Message =>
  message(device, 'join', at, {
    end_device_ids: endDeviceIds(device, devAddr),
    correlation_ids: [`as:up:${ulid(at, key)}`],
    received_at: timeText(at),
    join_accept: { session_key_id: sessionKeyId(device, devAddr), received_at: timeText(at - 60) },
  });
