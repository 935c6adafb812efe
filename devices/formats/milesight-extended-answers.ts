import { flag, number, state, u8, u16 } from './milesight-items.ts';
import type { MilesightPart } from './milesight-parts.ts';
import { d2dCommand, switches } from './milesight-settings.ts';
import type { MilesightItems } from './milesight-tlv.ts';

/**
 * Answers to the newer commands: under F9 as they were given, under F8 with a byte behind them that says whether the
 * device did as told (decoders of Milesight-IoT/SensorDecoders).
 */

const region = (field: string): MilesightPart => ({ field, type: 'u8', offset: -1 });
const weekdays = { 0: 'sun', 1: 'mon', 2: 'tue', 3: 'wed', 4: 'thu', 5: 'fri', 6: 'sat' };
const countings = { 0: 'region_people_counting', 1: 'line_crossing_counting', 2: 'people_flow_analysis' };
const logLevels = { 1: 'fatal', 2: 'error', 3: 'warning', 4: 'debug', 5: 'trace' };
const dotIntervals = {
  0: '5min',
  1: '10min',
  2: '15min',
  3: '30min',
  4: '1h',
  5: '4h',
  6: '6h',
  7: '8h',
  8: '12h',
};

const answers = {
  '10': [state('report_type', { 0: 'period', 1: 'immediately' })],
  '10 scheme': [state('periodic_report_scheme', { 0: 'on_the_dot', 1: 'from_now_on' })],
  '11': [state('on_the_dot_report_interval', dotIntervals)],
  '3D': [flag('line_detect_report_enable')],
  '84': [flag('time_sync_enable'), u16('time_sync_period')],
  '85': [flag('rejoin_enable'), u8('rejoin_max_count')],
  '86': [u8('data_rate')],
  '87': [u8('tx_power_level')],
  '88': [state('log_level', logLevels)],
  '88 both': [state('console_log_level', logLevels), state('file_log_level', logLevels)],
  '8B': [state('lorawan_version', { 1: 'v1.0.2', 2: 'v1.0.3' })],
  '8C': [u8('rx2_data_rate')],
  '8D': [number('rx2_frequency', 'u32le')],
  '8E': [region('d2d_occupied_region'), flag('d2d_occupied_enable'), d2dCommand],
  '90': [region('d2d_vacant_region'), flag('d2d_vacant_enable'), d2dCommand, u16('d2d_vacant_delay_time')],
  '91': [state('time_mode', { 0: 'sync_from_gateway', 1: 'manual' }), number('device_clock_s', 'u32le')],
  '92': [flag('region_dwell_enable'), u16('region_dwell_min_time')],
  '93': [state('report_with_timestamp', { 0: 'no', 1: 'yes' })],
  '94': [flag('timed_reset_cumulative_enable')],
  '95': [
    state('reset_schedule_mode', { 0: 'modify', 1: 'add', 2: 'delete' }),
    region('reset_schedule_index'),
    switches('reset_schedule', Object.values(weekdays)),
    { field: 'reset_schedule_time', type: 'u24le' },
  ],
  '96': [
    flag('detect_region_enable'),
    state('detection_type', { 0: 'mapped_region', 1: 'unmapped_region' }),
    state('reporting_type', { 0: 'occupancy', 1: 'region_people_counting' }),
  ],
  '97': [flag('time_schedule_enable'), state('time_schedule_counting_type', countings)],
  '98': [flag('filter_u_turn_enable')],
  '99': [
    state('schedule_counting_type', countings),
    region('schedule_period'),
    state('schedule_weekday', weekdays),
    u8('schedule_start_hour'),
    u8('schedule_start_minute'),
    u8('schedule_end_hour'),
    u8('schedule_end_minute'),
  ],
  A2: [state('installation_scene', { 0: 'no_door_access', 1: 'door_controlled_access' })],
  A3: [state('lora_join_mode', { 0: 'ABP', 1: 'OTAA' })],
} as const satisfies Record<string, readonly MilesightPart[]>;

const result = state('answer_result', { 0: 'success', 1: 'forbidden', 2: 'invalid parameter' });

/** The answers that a model knows, under both channels. */
export const milesightExtendedAnswers = (...commands: readonly (keyof typeof answers)[]): MilesightItems =>
  Object.fromEntries(
    commands.flatMap((command): [string, readonly MilesightPart[]][] => [
      [`F8 ${command.slice(0, 2)}`, [...answers[command], result]],
      [`F9 ${command.slice(0, 2)}`, answers[command]],
    ]),
  );
