import { spreadingFactors } from '../../formats/yobiiq-lorawan.ts';
import { plain, type Registers, signed, state, unsigned } from '../../formats/yobiiq-registers.ts';

// Registers of the reader of Dutch and Luxembourgish smart meters (DSMR P1 port), after vendors/yobiiq/codecs/dsmr.js of
// chirpstack/chirpstack-device-profiles (MIT).

const normalAlarm = { 0: 'NORMAL', 1: 'ALARM' };
const disabledEnabled = { 0: 'DISABLED', 1: 'ENABLED' };

/** The device itself. */
export const generic: Registers = {
  100: state('device_status', { 0: 'FACTORY MODE', 1: 'NORMAL MODE' }),
  101: plain('manufacturer', 'text'),
  102: plain('original_equipment_manufacturer', 'text'),
  103: plain('device_model', 'text'),
  104: unsigned('device_serial_number', 4),
  105: plain('firmware_version', 'version'),
  106: plain('hardware_version', 'version'),
  107: state('external_power_status', { 0: 'AC POWER OFF', 1: 'AC POWER ON' }),
  108: unsigned('battery_percentage', 1),
  109: unsigned('battery_voltage', 2, 1000),
  120: state('internal_circuit_temperature_alarm', normalAlarm),
  121: unsigned('internal_circuit_temperature_number_of_alarms', 4),
  122: signed('internal_circuit_temperature', 2, 100),
  123: unsigned('internal_circuit_humidity', 1),
  130: signed('ambient_temperature', 2, 100),
  131: unsigned('ambient_humidity', 1),
  150: state('join_status', { 0: 'OFFLINE', 1: 'ONLINE' }),
  157: unsigned('application_port', 1),
  158: state('join_type', { 1: 'OTAA' }),
  159: state('device_class', { 0: 'CLASS A', 1: 'CLASS B', 2: 'CLASS C' }),
  160: state('adr', disabledEnabled),
  161: state('sf', spreadingFactors),
  163: state('radio_mode', { 0: 'LoRaWAN', 1: 'iQ D2D', 2: 'LoRaWAN & iQ D2D' }),
  164: unsigned('number_of_join_attempts', 1),
  165: unsigned('link_check_timeframe', 2),
  166: state('data_retransmission', disabledEnabled),
  167: state('lorawan_watchdog_alarm', normalAlarm),
};

const serial: Registers = {
  176: state(
    'serial_stop_bits',
    Object.fromEntries(['1', '1_5', '2', '2_5', '3', '3_5', '4'].map((bits, code) => [code, `STOP_BITS_${bits}`])),
  ),
  177: unsigned('serial_data_width', 1),
  178: state('serial_parity', { 0: 'NONE', 1: 'ODD', 2: 'EVEN' }),
  179: unsigned('serial_baud_rate', 4),
  180: state('dsmr_profile', { 0: 'NL', 1: 'LUX' }),
  181: state('serial_watchdog_function', disabledEnabled),
  182: unsigned('serial_watchdog_timeout', 2),
  183: state('serial_watchdog_alarm', normalAlarm),
  209: unsigned('pulse_counter_dry_input1', 4),
  210: unsigned('pulse_counter_dry_input2', 4),
  221: { kind: 'hex', field: 'decryption_key', size: 16 },
  222: state('decryption_function', disabledEnabled),
};

/** Registers of the three phases that follow one another. */
const phases = (first: number, register: (phase: number) => Registers[number]): Registers =>
  Object.fromEntries([0, 1, 2].map((offset) => [first + offset, register(offset + 1)]));

/** Meters of gas, water or heat that hang on the electricity meter. */
const attached: Registers = Object.fromEntries(
  [0, 1, 2, 3].flatMap((offset) => [
    [0x31 + 3 * offset, unsigned(`device_type_on_channel${offset + 1}`, 2)],
    [0x32 + 3 * offset, plain(`equipment_identifier_channel${offset + 1}`, 'text')],
    [0x33 + 3 * offset, plain(`last_reading_on_channel${offset + 1}`, 'reading')],
    [0x4e + offset, unsigned(`valve_position_gas_channel${offset + 1}`, 1)],
  ]),
);

/** The telegram of the meter. */
export const specific: Registers = {
  ...serial,
  ...attached,
  16: plain('p1_version', 'version'),
  17: unsigned('telegram_timestamp', 4),
  18: plain('equipment_identifier', 'text'),
  19: unsigned('electricity_delivered_to_client', 4),
  20: unsigned('electricity_delivered_to_client_t1', 4),
  21: unsigned('electricity_delivered_to_client_t2', 4),
  22: unsigned('electricity_delivered_by_client', 4),
  23: unsigned('electricity_delivered_by_client_t1', 4),
  24: unsigned('electricity_delivered_by_client_t2', 4),
  25: unsigned('tariff_indicator', 2),
  26: signed('electricity_power_delivered', 4),
  27: signed('electricity_power_received', 4),
  28: unsigned('number_of_power_failures', 4),
  29: unsigned('number_of_long_power_failures', 4),
  30: plain('power_failure_duration', 'failures'),
  ...phases(0x1f, (phase) => unsigned(`number_of_voltage_sags_l${phase}`, 4)),
  ...phases(0x22, (phase) => unsigned(`number_of_voltage_swells_l${phase}`, 4)),
  ...phases(0x25, (phase) => signed(`voltage_l${phase}`, 4, 10)),
  ...phases(0x28, (phase) => signed(`current_l${phase}`, 4)),
  ...phases(0x2b, (phase) => signed(`active_power_delivered_l${phase}`, 4)),
  ...phases(0x2e, (phase) => signed(`active_power_received_l${phase}`, 4)),
  61: unsigned('total_imported_reactive_energy', 4),
  62: unsigned('total_exported_reactive_energy', 4),
  63: unsigned('total_imported_reactive_power', 4),
  64: unsigned('total_exported_reactive_power', 4),
  65: unsigned('active_threshold', 4, 10),
  66: plain('max_imported_exported_current', 'currents'),
  67: unsigned('total_imported_apparent_power', 4),
  68: unsigned('total_exported_apparent_power', 4),
  69: unsigned('breaker_control_state', 1),
  70: unsigned('relay1_control_state', 1),
  71: unsigned('relay2_control_state', 1),
  ...phases(0x48, (phase) => unsigned(`imported_reactive_power_l${phase}`, 4)),
  ...phases(0x4b, (phase) => unsigned(`exported_reactive_power_l${phase}`, 4)),
};

export const common: Registers = {
  1: unsigned('datalogger_timestamp', 4),
  254: unsigned('timestamp', 4),
};
