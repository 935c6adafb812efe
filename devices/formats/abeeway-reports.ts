import { readAddress } from './abeeway-position.ts';
import {
  type Cursor,
  payloadError,
  readS16Be,
  readS32Be,
  readU8,
  readU16Be,
  readU32Be,
  remaining,
} from './byte-reader.ts';
import type { Fields } from './part.ts';

/**
 * Parameters of a configuration message by their number; '-' is reserved. Numbers and names as in
 * akenza-io/device-type-library types/abeeway.
 */
const parameterNames = `ul_period lora_period pw_stat_period periodic_pos_period - geoloc_sensor geoloc_method -
  motion_nb_pos gps_timeout agps_timeout gps_ehpe gps_convergence config_flags transmit_strat ble_beacon_cnt
  ble_beacon_timeout gps_standby_timeout confirmed_ul_bitmap confirmed_ul_retry motion_sensitivity shock_detection
  periodic_activity_period motion_duration geofencing_scan_period geofencing_collect_period ble_rssi_filter
  temperature_high temperature_low temperature_action transmit_strat_custom network_timeout_check
  network_timeout_reset collection_scan_type collection_nb_entry collection_ble_filter_type
  collection_ble_filter_main1 collection_ble_filter_main2 collection_ble_filter_sec_value
  collection_ble_filter_sec_mask battery_capacity reed_switch_configuration gnss_constellation prox_scan_pwr_min
  prox_distance_coef prox_scan_frequency prox_backtrace_max_age prox_distance_sliding_window prox_exposure_50
  prox_exposure_100 prox_exposure_150 prox_exposure_200 prox_exposure_250 prox_exposure_300 prox_exposure_400
  prox_alarm_dist_immediate prox_alarm_exposure prox_warn_dist_immediate prox_warn_exposure
  prox_record_dist_immediate prox_record_exposure prox_alarm_buz_duration prox_warn_buz_duration prox_contact_policy
  prox_scan_duration prox_scan_window prox_scan_interval prox_alarm_remanence prox_warn_remanence prox_bcn_repeat
  prox_bcn_tx_power prox_reminder_period prox_reminder_distance prox_warn_disable_dist prox_alarm_disable_dist
  prox_max_speed_filter prox_max_update position_ble_filter_type position_ble_filter_main1
  position_ble_filter_main2 position_ble_filter_sec_value position_ble_filter_sec_mask position_ble_report_type
  buzzer_volume angle_detect_mode angle_ref_acq angle_ref_acc_x angle_ref_acc_y angle_ref_acc_z angle_critical
  angle_critical_hyst angle_report_mode angle_report_period angle_report_repeat angle_rising_time
  angle_falling_time angle_learning_time angle_acc_accuracy angle_deviation_delta angle_deviation_min_interval
  angle_deviation_max_interval default_profile password gps_t0_timeout gps_fix_timeout geofencing_scan_duration
  beaconing_type beaconing_tx_power beaconing_static_interval beaconing_motion_interval beaconing_motion_duration
  ble_cnx_adv_duration`.split(/\s+/);

/** Parameters that may be negative: levels, temperatures, acceleration vectors. */
const negative = new Set(['ble_rssi_filter', 'temperature_high', 'temperature_low', 'prox_scan_pwr_min']);
for (const axis of ['x', 'y', 'z']) negative.add(`angle_ref_acc_${axis}`);

export const operatingModes = [
  'STANDBY',
  'MOTION_TRACKING',
  'PERMANENT_TRACKING',
  'MOTION_START_END_TRACKING',
  'ACTIVITY_TRACKING',
  'OFF',
];
const dynamicProfiles = ['NO_PROFILE', 'PROFILE_SLEEP', 'PROFILE_ECONOMIC', 'PROFILE_INTENSIVE'];
const bondStates = ['TRACKER_NOT_BONDED', 'TRACKER_BONDED', 'UNKNOWN_STATE'];

const state =
  (name: string, words: readonly string[]) =>
  (cursor: Cursor, fields: Fields): void => {
    fields[name] = words[readU32Be(cursor)] ?? null;
  };
const axis =
  (name: string) =>
  (cursor: Cursor, fields: Fields): void => {
    fields[name] = readS32Be(cursor);
  };
const version =
  (prefix: string) =>
  (cursor: Cursor, fields: Fields): void => {
    readU8(cursor);
    for (const part of ['version', 'revision', 'iteration']) fields[`${prefix}_${part}`] = readU8(cursor);
  };

/** Items that the device adds to its parameters. */
const special: Readonly<Record<number, (cursor: Cursor, fields: Fields) => void>> = {
  246: state('dynamic_profile', dynamicProfiles),
  247: (cursor, fields) => {
    fields.power_consumption = readU32Be(cursor);
  },
  248: state('ble_bond_status', bondStates),
  249: state('configured_mode', operatingModes),
  250: axis('x_axis'),
  251: axis('y_axis'),
  252: axis('z_axis'),
  253: version('ble_build'),
  254: version('build'),
};

const readConfiguration = (cursor: Cursor, fields: Fields, warnings: string[]): void => {
  while (remaining(cursor) > 0) {
    const id = readU8(cursor);
    const read = special[id];
    const name = parameterNames[id];
    if (read) {
      read(cursor, fields);
    } else if (name === undefined || name === '-') {
      warnings.push(`Parameter ${id} with the value ${readU32Be(cursor)} is unknown`);
    } else {
      fields[name] = negative.has(name) ? readS32Be(cursor) : readU32Be(cursor);
    }
  }
};

const readShock = (cursor: Cursor, fields: Fields): void => {
  fields.shocks = readU8(cursor);
  for (const name of ['acc_x', 'acc_y', 'acc_z']) fields[name] = readS16Be(cursor);
};

const readSideOperation = (cursor: Cursor, fields: Fields): void => {
  for (let index = 1; index <= 6; index++) fields[`window_${index}`] = readU16Be(cursor);
  fields.global_counter = readU32Be(cursor);
};

/** Reports of type 0x07: activity, configuration, shock, counters by side, address, told apart by byte 5. */
export const readReport = (cursor: Cursor): { fields: Fields; warnings: string[] } => {
  const fields: Fields = {};
  const warnings: string[] = [];
  const tag = readU8(cursor);
  if (tag === 1) fields.activity_counter = readU32Be(cursor);
  else if (tag === 2) readConfiguration(cursor, fields, warnings);
  else if (tag === 3) readShock(cursor, fields);
  else if (tag === 4) readSideOperation(cursor, fields);
  else if (tag === 5) fields.ble_mac = readAddress(cursor);
  else throw payloadError(`No report ${tag} is known`);
  return { fields, warnings };
};
