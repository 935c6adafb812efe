import { type YobiiqFormat, yobiiqCodec } from './yobiiq-frames.ts';
import { plain, type Registers, signed, state, unsigned } from './yobiiq-registers.ts';

// Registers of the electricity meters EM2101 (one phase, relay) and EM4301 (three phases).

const classes = { 0: 'Class A', 1: 'Class B', 2: 'Class C' };

/** fPort 50: what the device is. */
const information: Registers = {
  9: plain('hardware_version', 'version'),
  10: plain('firmware_version', 'version'),
  11: state('power_event', { 0: 'AC Power Off', 1: 'AC Power On' }),
  15: state('device_class', classes),
  22: unsigned('device_serial_number', 4),
  30: unsigned('primary_current_transformer_ratio', 2),
  31: unsigned('secondary_current_transformer_ratio', 1),
  32: unsigned('primary_voltage_transformer_ratio', 4),
  33: unsigned('secondary_voltage_transformer_ratio', 2),
  40: plain('device_model', 'text'),
};

const limits = (kind: string, first: number): Registers => ({
  [first]: unsigned(`current_limit_${kind}`, 2, 10),
  [first + 1]: unsigned(`voltage_limit_${kind}`, 2),
  [first + 2]: unsigned(`power_limit_${kind}`, 2),
  [first + 3]: unsigned(`deactivation_delay_${kind}`, 2),
  [first + 4]: unsigned(`activation_delay_${kind}`, 2),
  [first + 5]: unsigned(`offset_current_${kind}`, 2, 10),
  [first + 6]: unsigned(`offset_delay_${kind}`, 2),
  [first + 7]: unsigned(`reset_time_${kind}`, 2),
  [first + 8]: unsigned(`reset_amount_${kind}`, 1),
});

const relaySettings: Registers = {
  0: state('relay_status', { 0: 'LOW', 1: 'HIGH' }),
  ...limits('fallback', 0x3c),
  ...limits('dynamic', 0x50),
};

/** Energies of the phases that `phases` names, in tariffs 1 and 2. */
const energies = (phases: string): Registers =>
  Object.fromEntries(
    ['active_energy_import', 'active_energy_export', 'reactive_energy_import', 'reactive_energy_export'].flatMap(
      (energy, index) =>
        [1, 2].map((tariff) => [3 + 2 * index + tariff, unsigned(`${energy}_${phases}_t${tariff}`, 4)]),
    ),
  );

/** Values of one phase; the registers of the next phase follow each of them. */
const phase = (number: 1 | 2 | 3): Registers => {
  const after = number - 1;
  return {
    [0x0c + after]: signed(`voltage_l${number}_n`, 4, 10),
    [0x10 + after]: signed(`current_l${number}`, 4),
    [0x14 + after]: signed(`active_power_l${number}`, 4),
    [0x17 + after]: signed(`reactive_power_l${number}`, 4, 1000),
    [0x1a + after]: signed(`apparent_power_l${number}`, 4, 1000),
    [0x1d + after]: signed(`power_factor_l${number}`, 1, 100),
    [0x20 + after]: signed(`phase_angle_l${number}`, 2, 100),
    [0x27 + after]: signed(`maximum_l${number}_current_demand`, 4),
  };
};

/** Channel 11 says how the reading of the meter went. */
const modbusError = 0x0b * 256 + 0x0a;

const measurements: Registers = {
  0: unsigned('index', 4),
  1: unsigned('timestamp', 4),
  3: unsigned('datalogger_timestamp', 4),
  35: signed('frequency', 2, 100),
  36: unsigned('total_system_active_power', 4),
  37: unsigned('total_system_reactive_power', 4, 1000),
  38: unsigned('total_system_apparent_power', 4, 1000),
  42: signed('average_power', 4),
  43: unsigned('mid_year_of_certification', 4),
  240: plain('manufactured_year', 'digits'),
  241: plain('firmware_version', 'version'),
  242: plain('hardware_version', 'version'),
  [modbusError]: unsigned('modbus_error_code', 1),
};

const openClosed = { 0: 'OPEN', 1: 'CLOSED' };

/** fPort 11: changes of state. */
const changes: Registers = {
  1: state('relay_status', openClosed),
  2: state('digital_input_status', openClosed),
};

/** fPort 60: why and when the relay switched. */
const events: Registers = {
  1: state('relay_switching_off_reason', {
    0: 'Invalid',
    1: 'Due to too high current limit',
    2: 'By control from the Lora network',
    3: 'By operation via display',
  }),
  2: state('relay_enable_reason', {
    0: 'Invalid',
    1: 'By reset based on time',
    2: 'By reset from the Lora network',
    3: 'By operation via display',
    4: 'By control from the Lora network',
  }),
  3: unsigned('relay_switch_off_time', 4),
  4: unsigned('relay_enable_time', 4),
  5: unsigned('current_when_relay_switching_off', 4),
  6: unsigned('voltage_when_relay_switching_off', 4),
  7: unsigned('active_power_when_relay_switching_off', 4),
  8: state('reset_amount_status', {
    1: 'Current reset count is less than the reset amount',
    2: 'Current reset count exceeds the reset amount',
  }),
};

const answers: YobiiqFormat['answers'] = {
  mac: 'MAC command received',
  succeeded: 'Downlink command succeeded',
  failed: 'Downlink command failed',
};

export const em2101 = yobiiqCodec({
  answers,
  ports: [
    {
      from: 1,
      to: 10,
      registers: { ...measurements, ...energies('l1'), ...phase(1) },
      timeField: 'datalogger_timestamp',
    },
    { from: 11, registers: changes },
    { from: 50, registers: { ...information, ...relaySettings } },
    { from: 60, registers: events },
  ],
});

export const em4301 = yobiiqCodec({
  answers,
  ports: [
    {
      from: 1,
      to: 10,
      registers: {
        ...measurements,
        ...energies('l123'),
        ...phase(1),
        ...phase(2),
        ...phase(3),
        15: signed('current_l123', 4),
        19: signed('active_power_l123', 4),
      },
      timeField: 'datalogger_timestamp',
    },
    { from: 50, registers: information },
  ],
});
