import { type YobiiqFormat, yobiiqCodec } from '../../formats/yobiiq-frames.ts';
import { spreadingFactors } from '../../formats/yobiiq-lorawan.ts';
import { plain, type Registers, signed, state, unsigned } from '../../formats/yobiiq-registers.ts';

// Relay with two channels. After VENDORS/Yobiiq/RM200 of thingsboard/data-converters.

const disabledEnabled = { 0: 'disabled', 1: 'enabled' };
const normalAlarm = { 0: 'normal', 1: 'alarm' };
const offOn = { 0: 'OFF', 1: 'ON' };
const offOnRetain = { ...offOn, 2: 'RETAIN' };

const counters: Registers = { 151: unsigned('channel1_counter', 4), 154: unsigned('channel2_counter', 4) };

/** Read by a downlink on fPort 100, sent by themselves on fPorts 1 to 5. */
const parameters: Registers = {
  ...counters,
  18: state('adr', disabledEnabled),
  19: state('sf', spreadingFactors),
  20: state('lorawan_watchdog_function', disabledEnabled),
  21: unsigned('lorawan_watchdog_timeout', 2),
  22: state('lorawan_watchdog_alarm', normalAlarm),
  100: state('default_state', offOnRetain),
  101: state('timeout_state', offOnRetain),
  102: state('button_override_function', disabledEnabled),
  103: state('device_operation_mode', { 0: 'normal', 1: 'override' }),
  105: state('internal_circuit_temperature_alarm', normalAlarm),
  112: unsigned('internal_circuit_temperature_number_of_alarms', 4),
  113: signed('internal_circuit_temperature', 2, 100),
  114: unsigned('internal_circuit_humidity', 1),
  149: plain('channel1', 'relay'),
  150: state('channel1_control', offOn),
  152: plain('channel2', 'relay'),
  153: state('channel2_control', offOn),
};

const periodic: Registers = {
  ...parameters,
  253: unsigned('datalogger_timestamp', 4),
  254: unsigned('timestamp', 4),
};

const alarms: Registers = {
  ...counters,
  254: unsigned('timestamp', 4),
  0: state('internal_temperature_alarm', normalAlarm),
  1: plain('channel1', 'relay'),
  2: plain('channel2', 'relay'),
  3: state('lorawan_watchdog_alarm', normalAlarm),
};

const information: Registers = {
  1: plain('manufacturer', 'text'),
  2: plain('device_model', 'text'),
  3: unsigned('device_serial_number', 4),
  4: plain('firmware_version', 'version'),
  5: plain('hardware_version', 'version'),
  6: state('power_event', { 0: 'AC Power Off', 1: 'AC Power On' }),
  7: unsigned('battery_percentage', 1),
  8: unsigned('battery_voltage', 1, 10),
  17: state('device_class', { 0: 'Class A', 1: 'Class B', 2: 'Class C' }),
};

const format: YobiiqFormat = {
  answers: {
    mac: 'MAC command received',
    succeeded: 'Downlink command succeeded',
    failed: 'Downlink command failed',
  },
  ports: [
    { from: 1, to: 5, registers: periodic, timeField: 'datalogger_timestamp' },
    { from: 11, registers: alarms, channel: (channel) => channel === 0xaa, timeField: 'timestamp' },
    { from: 50, registers: information },
    { from: 100, registers: parameters, channel: (channel) => channel === 0xff },
  ],
};

export const codec = yobiiqCodec(format);
