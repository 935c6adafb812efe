import {
  commonSettings,
  d2dCommandPart,
  historySettings,
  milesightDownlinks,
  stateWith,
} from '../../formats/milesight-downlink.ts';

const enable = { 0: 'disable', 128: 'enable' };

/** EM300-SLD/ZLD encoder of Milesight-IoT/SensorDecoders. */
export const downlinkEncoder = milesightDownlinks({
  ...commonSettings,
  ...historySettings,
  temperature_alarm_config: {
    bytes: 'FF06',
    parts: [
      stateWith('condition', 1 << 3, { 0: 'disable', 1: 'below', 2: 'above', 3: 'between', 4: 'outside' }),
      { field: 'threshold_min', type: 's16le', divisor: 10 },
      { field: 'threshold_max', type: 's16le', divisor: 10 },
      { type: 'skip', size: 4 },
    ],
  },
  leakage_alarm_config: {
    bytes: 'FF06',
    parts: [
      stateWith('enable', 2 << 3, { 0: 'disable', 1: 'enable' }),
      { type: 'skip', size: 4 },
      { field: 'report_interval', type: 'u16le' },
      { field: 'report_times', type: 'u16le' },
    ],
  },
  temperature_calibration_settings: {
    bytes: 'FFEA',
    parts: [stateWith('enable', 0, enable), { field: 'calibration_value', type: 's16le', divisor: 10 }],
  },
  humidity_calibration_settings: {
    bytes: 'FFEA',
    parts: [stateWith('enable', 1, enable), { field: 'calibration_value', type: 's16le', divisor: 2 }],
  },
  d2d_master_config: {
    bytes: 'FF79',
    isList: true,
    parts: [
      {
        field: 'mode',
        type: 'u8',
        states: {
          1: 'temperature_alarm',
          2: 'temperature_alarm_release',
          3: 'leakage_alarm',
          4: 'leakage_alarm_release',
        },
      },
      { field: 'report_type', type: 'u8', states: { 0: 'lora', 1: 'd2d', 3: 'd2d_and_lora' } },
      d2dCommandPart,
    ],
  },
});
