import { flag, number, skip, state, u8, u16 } from './milesight-items.ts';
import type { MilesightPart } from './milesight-parts.ts';
import { climateCalibration, d2dKey, daily, done, switches, zone } from './milesight-settings.ts';
import type { MilesightItems } from './milesight-tlv.ts';

/**
 * Answers to downlinks repeat the command under FE or FF: the command and the bytes of the setting, as the decoders of
 * Milesight-IoT/SensorDecoders read them. Where models use one command for different settings, a word behind the
 * command tells them apart.
 */

/** Command 6A: one command for two intervals. */
const resend: MilesightPart = {
  type: 'cases',
  size: 3,
  cases: { 0: [skip(1), u16('retransmit_interval_s')], 1: [skip(1), u16('resend_interval_s')] },
};

const intervalByKind = (first: string, second: string): MilesightPart => ({
  type: 'cases',
  size: 3,
  cases: { 0: [skip(1), u16(first)], 1: [skip(1), u16(second)] },
});

const detection = (name: string): readonly MilesightPart[] => [
  skip(1),
  u8(`${name}_detection_delta_g`),
  u16(`${name}_detection_duration`),
];

const answers = {
  '02': [u16('collection_interval_s')],
  '02 alarm': [u16('alarm_report_interval')],
  '03': [u16('report_interval_s')],
  '04': [flag('confirm_mode_enable')],
  '05': [u8('channel_mask_id'), u16('channel_mask')],
  '10': [done('reboot')],
  '11': [number('device_clock_s', 'u32le')],
  '13': [flag('install_height_enable')],
  '13 motion': [flag('motion_report_enable'), u16('motion_report_interval')],
  '17': [zone(6)],
  '18': [
    {
      type: 'cases',
      size: 2,
      cases: {
        0: [skip(1), flag('sensor_all_enable')],
        1: [skip(1), flag('sensor_temperature_enable')],
        2: [skip(1), flag('sensor_moisture_enable')],
        3: [skip(1), flag('sensor_electricity_enable')],
      },
    },
  ],
  '1A': [
    {
      type: 'cases',
      cases: { 2: [state('co2_calibration_mode', { 2: 'manual' }), u16('co2_calibration_value')] },
      otherwise: [state('co2_calibration_mode', { 0: 'factory', 1: 'abc', 3: 'background', 4: 'zero' })],
    },
  ],
  '1C': [u8('recollection_counts'), u8('recollection_interval_s')],
  '1D': [state('frequency_weighting', { 0: 'Z', 1: 'A', 2: 'C' }), state('time_weighting', { 0: 'I', 1: 'F', 2: 'S' })],
  '23': [u8('cancelled_delay_task'), skip(1)],
  '25': [switches('child_lock', ['off_button', 'on_button', 'collection_button'])],
  '26': [flag('power_consumption_enable')],
  '27': [done('clear_history')],
  '27 current': [done('clear_current_cumulative')],
  '27 energy': [done('clear_power_consumption')],
  '28': [done('query_device_status')],
  '2C': [done('query_status')],
  '2D': [flag('screen_display_enable')],
  '2D led': [flag('led_indicator_enable')],
  '2D wifi': [
    state('wifi_scan_mode', { 0: 'low_power', 1: 'high_accuracy' }),
    u8('wifi_scan_access_points'),
    u8('wifi_scan_timeout'),
  ],
  '2E': [state('led_indicator_mode', { 0: 'off', 1: 'on', 2: 'blink' })],
  '2F': [flag('led_indicator_enable')],
  '32': [
    u8('delay_task_id'),
    u16('delay_task_time_s'),
    {
      type: 'bits',
      size: 1,
      masked: true,
      bits: Array.from({ length: 8 }, (_, at) => ({
        field: `delay_task_switch_${at + 1}`,
        at,
        states: { 0: 'off', 1: 'on' },
      })),
    },
  ],
  '35': [d2dKey],
  '39': [flag('co2_abc_calibration_enable')],
  '39 long': [flag('co2_abc_calibration_enable'), skip(4)],
  '3A': [u16('report_interval_s')],
  '3B': [flag('time_sync_enable')],
  '3C': [u8('screen_display_pattern')],
  '3C gnss': [u8('gnss_positioning_timeout')],
  '3D': [done('stop_buzzer')],
  '3D alarm': [done('stop_alarming')],
  '3E': [flag('tilt_linkage_distance_enable')],
  '3E buzzer': [flag('buzzer_enable')],
  '40': [flag('adr_enable')],
  '41': [u8('lora_port')],
  '42': [flag('wifi_enable')],
  '43': [flag('periodic_report_enable')],
  '44': [flag('change_report_enable')],
  '45': [state('people_counting_report_mode', { 0: 'zero_to_nonzero', 1: 'once_result_change' })],
  '46': [flag('people_count_jitter_enable'), u16('people_count_jitter_time')],
  '48': [flag('line_detect_enable')],
  '4A': [done('sync_time')],
  '50': [flag('region_people_counting_enable')],
  '51': [done('clear_total_count')],
  '56': [flag('tof_detection_enable')],
  '58': [{ type: 'cases', size: 4, cases: { 0: detection('motion'), 1: detection('static') } }],
  '65': [u16('pm2_5_collection_interval_s')],
  '66': [flag('screen_display_alarm_enable')],
  '66 tracker': [state('report_strategy', { 0: 'periodic', 1: 'motion', 2: 'timing' })],
  '67': [state('power_on_run_mode', { 0: 'off', 1: 'on', 2: 'keep' })],
  '68': [flag('history_enable')],
  '69': [flag('retransmit_enable')],
  '6A': [resend],
  '6B': [done('stop_transmit')],
  '6D': [done('stop_transmit')],
  '70': [u16('people_existing_height_mm')],
  '71': [state('working_mode', { 0: 'standard', 1: 'bin', 2: 'parking' })],
  '71 test': [flag('test_enable')],
  '71 tracker': [state('positioning_strategy', { 0: 'gnss', 1: 'wifi', 2: 'wifi_gnss' })],
  '72': [u16('test_duration')],
  '75': [
    flag('hibernate_enable'),
    u16('hibernate_start_time'),
    u16('hibernate_end_time'),
    switches('hibernate', ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'], 1),
  ],
  '77': [u16('install_height_mm')],
  '7A': [flag('back_test_enable'), u16('back_test_distance')],
  '7E': [flag('leakage_alarm_enable'), u16('leakage_alarm_interval'), u16('leakage_alarm_count')],
  '7E geofence': [flag('geofence_alarm_enable'), u16('geofence_alarm_interval'), u8('geofence_alarm_count')],
  '7F': [flag('find_device_enable')],
  '80': [u16('find_device_time')],
  '81': [skip(1), switches('report', ['lora_enable', 'd2d_enable'])],
  '84': [flag('d2d_enable')],
  '87': [flag('tamper_detection_enable')],
  '88': [
    number('geofence_center_latitude', 's32le', 1_000_000),
    number('geofence_center_longitude', 's32le', 1_000_000),
  ],
  '89': [number('geofence_radius', 'u32le')],
  '8E': [skip(1), u16('report_interval')],
  '8E tracker': [intervalByKind('report_interval', 'motion_report_interval')],
  '8F': [u16('report_interval')],
  '8F bluetooth': [flag('bluetooth_enable')],
  '95': [u16('vacancy_reporting_interval')],
  '97': [flag('history_enable')],
  '98': [flag('pir_collect_enable'), u16('pir_collect_count'), skip(2)],
  '99': [
    flag('thermopile_collect_enable'),
    number('thermopile_collect_separate', 'u16le', 10),
    number('thermopile_collect_threshold_low', 'u8', 10),
    number('thermopile_collect_threshold_high', 'u8', 10),
  ],
  A1: [flag('tilt_report_enable')],
  A2: [flag('disassembly_alarm_enable'), u8('disassembly_alarm_duration')],
  A6: [flag('reset_cumulative_enable')],
  A7: [u16('reset_cumulative_interval')],
  A8: [{ type: 'cases', size: 1, cases: { 1: [done('reset_cumulative_in')], 2: [done('reset_cumulative_out')] } }],
  A9: [flag('report_cumulative_enable')],
  AA: [flag('report_temperature_enable')],
  AB: [flag('temperature_calibration_enable'), number('temperature_calibration_value', 's16le', 10)],
  AC: [
    state('install_method', { 0: 'side', 1: 'top' }),
    number('install_height_m', 'u8', 10),
    number('install_compensation', 's8'),
    flag('sensitivity_report_enable'),
    u8('manual_gain'),
  ],
  AD: [state('people_threshold_trigger_mode', { 0: 'threshold', 1: 'multiple' })],
  B2: [number('thermopile_negative_threshold', 's8')],
  BD: [zone(1)],
  CE: [number('assumed_voltage', 'u16le', 100)],
  CF: [number('assumed_power_factor', 'u8', 100)],
  D0: [state('reporting_type', { 0: 'cumulative Ah', 1: 'cumulative Kwh' })],
  EA: [climateCalibration],
  EB: [state('tvoc_unit', { 0: 'iaq', 1: 'µg/m³' })],
  EC: [state('detection_direction', { 0: 'forward', 1: 'reverse' })],
  ED: [state('reset_cumulative_weekday', daily), u8('reset_cumulative_hour'), u8('reset_cumulative_minute')],
  EF: [flag('reset_cumulative_enable'), u8('reset_cumulative_hour'), u8('reset_cumulative_minute')],
  F2: [u16('alarm_report_counts')],
  F4: [flag('co2_calibration_enable')],
  F5: [flag('alarm_release_enable')],
  FC: [state('counting_mode', { 2: 'high_mode', 3: 'low_mode' })],
  FD: [flag('led_indicator_enable')],
} as const satisfies Record<string, readonly MilesightPart[]>;

export type MilesightAnswer = keyof typeof answers;

/** Items under both channels that Milesight uses for answers. */
export const underBoth = (command: string, parts: readonly MilesightPart[]): MilesightItems => ({
  [`FE ${command}`]: parts,
  [`FF ${command}`]: parts,
});

/** The answers that a model knows. */
export const milesightAnswers = (...commands: readonly MilesightAnswer[]): MilesightItems =>
  Object.assign({}, ...commands.map((command) => underBoth(command.slice(0, 2), answers[command])));
