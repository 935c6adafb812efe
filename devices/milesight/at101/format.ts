import { milesightAnswers, underBoth } from '../../formats/milesight-answers.ts';
import { bits, milesightAttributes, milesightBattery, number, state, u8, u16 } from '../../formats/milesight-items.ts';
import type { MilesightFormat } from '../../formats/milesight-tlv.ts';
import type { TextForm } from '../../formats/text-form.ts';

const temperature = number('temperature', 's16le', 10);
const latitude = number('latitude', 's32le', 1_000_000);
const longitude = number('longitude', 's32le', 1_000_000);

/** In the device's word, and as what follows from it; null where it does not know. */
const motion = [
  { field: 'motion_status', at: 0, width: 4, states: { 0: 'unknown', 1: 'start', 2: 'moving', 3: 'stop' } },
  { field: 'moving', at: 0, width: 4, states: { 0: null, 1: true, 2: true, 3: false } },
];
const geofence = [
  { field: 'geofence_status', at: 4, width: 4, states: { 0: 'inside', 1: 'outside', 2: 'unset', 3: 'unknown' } },
  { field: 'inside_geofence', at: 4, width: 4, states: { 0: true, 1: false, 2: null, 3: null } },
];
const location = [latitude, longitude, bits(...motion, ...geofence)];

const colons: TextForm = {
  read: (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':'),
  write: (text) => text.split(':').map((byte) => Number.parseInt(byte, 16)),
};

/**
 * AT101 README and decoder of Milesight-IoT/SensorDecoders: a tracker. Where satellites fail it lists the Wi-Fi access
 * points that it hears. Stored positions begin with the longitude.
 */
export const format: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightAttributes,
    ...milesightBattery,
    '03 67': [temperature],
    '04 88': location,
    '84 88': location,
    '05 00': [state('position', { 0: 'normal', 1: 'tilt' })],
    '07 00': [state('tamper_status', { 0: 'install', 1: 'uninstall' })],
    '83 67': [temperature, state('temperature_alarm', { 0: 'normal', 1: 'abnormal' })],
    ...milesightAnswers('10', '13 motion', '17', '28', '2D wifi', '3B', '3C gnss', '4A', '58', '66 tracker'),
    ...milesightAnswers('71 tracker', '7E geofence', '87', '88', '89', '8E tracker', '8F bluetooth'),
  },
  lists: {
    '06 D9': [
      u8('wifi_group'),
      { field: 'wifi_mac', type: 'text', form: colons, size: 6 },
      number('wifi_rssi', 's8'),
      bits(...motion),
    ],
    ...underBoth('8A', [{ field: 'timed_report_index', type: 'u8', offset: -1 }, u16('timed_report_time')]),
  },
  history: { '20 CE': [longitude, latitude] },
};
