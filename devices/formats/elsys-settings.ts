import type { FieldValue } from '../codec.ts';
import { type Cursor, payloadError, readBytes, readU8, readU16Be, readU32Be, remaining } from './byte-reader.ts';
import type { Fields } from './part.ts';

/** How a setting is answered; `secret` ones (keys and addresses) are read over. */
type Form = 'number' | 'flag' | 'hex' | 'secret' | 'external' | 'sensor';

type Setting = readonly [name: string, size: number, form: Form];

const REST = -1;

/** Settings by their number (Elsys settings payload; sizes as in akenza-io/device-type-library). */
const settings: Readonly<Record<number, Setting>> = {
  1: ['app_s_key', 16, 'secret'],
  2: ['nwk_s_key', 16, 'secret'],
  3: ['dev_eui', 8, 'secret'],
  4: ['app_eui', 8, 'secret'],
  5: ['app_key', 16, 'secret'],
  6: ['dev_addr', 4, 'secret'],
  7: ['ota', 1, 'flag'],
  8: ['port', 1, 'number'],
  9: ['mode', 1, 'number'],
  10: ['ack', 1, 'flag'],
  11: ['dr_def', 1, 'number'],
  12: ['dr_max', 1, 'number'],
  13: ['dr_min', 1, 'number'],
  14: ['class', 1, 'number'],
  15: ['power', 1, 'number'],
  16: ['ext_cfg', 1, 'external'],
  17: ['pir_cfg', 1, 'number'],
  18: ['co2_cfg', 1, 'number'],
  19: ['acc_cfg', 4, 'hex'],
  20: ['spl_per', 4, 'number'],
  21: ['temp_per', 4, 'number'],
  22: ['rh_per', 4, 'number'],
  23: ['light_per', 4, 'number'],
  24: ['pir_per', 4, 'number'],
  25: ['co2_per', 4, 'number'],
  26: ['ext_per', 4, 'number'],
  27: ['ext_pwr_time', 4, 'number'],
  28: ['trigg_time', 4, 'number'],
  29: ['acc_per', 4, 'number'],
  30: ['vdd_per', 4, 'number'],
  31: ['send_per', 4, 'number'],
  32: ['lock', 4, 'number'],
  33: ['rfu', 4, 'number'],
  34: ['link', 4, 'hex'],
  35: ['press_per', 4, 'number'],
  36: ['sound_per', 4, 'number'],
  37: ['plan', 1, 'number'],
  38: ['sub_band', 1, 'number'],
  39: ['lbt', 1, 'flag'],
  40: ['led_config', 1, 'number'],
  41: ['co2_action', 1, 'number'],
  42: ['water_per', 4, 'number'],
  43: ['reed_per', 4, 'number'],
  44: ['reed_cfg', 4, 'number'],
  45: ['pir_sens', 1, 'number'],
  46: ['q_size', 1, 'number'],
  47: ['q_offset', 1, 'flag'],
  48: ['q_purge', 1, 'flag'],
  49: ['co2_ref', 2, 'number'],
  50: ['co2_cal', 1, 'number'],
  51: ['co2_abc', 2, 'number'],
  52: ['pir_sensivity', 1, 'number'],
  53: ['occ_sens', 2, 'number'],
  54: ['sound_pwr', 1, 'number'],
  55: ['disp_per', 4, 'number'],
  56: ['disp_action', 1, 'number'],
  57: ['disp_unit', 1, 'number'],
  58: ['disp_inv', 1, 'flag'],
  59: ['asr', 1, 'flag'],
  60: ['disp_full', 1, 'number'],
  61: ['disp_logo', 1, 'number'],
  62: ['disp_lang', 1, 'number'],
  63: ['light_comp', 4, 'number'],
  64: ['voc_per', 4, 'number'],
  65: ['disp_custom', REST, 'hex'],
  66: ['button_per', 1, 'number'],
  67: ['button_cfg', 51, 'hex'],
  239: ['rx_status', 0, 'hex'],
  240: ['c1', 4, 'number'],
  241: ['c2', 4, 'number'],
  242: ['c3', 4, 'number'],
  243: ['c4', 4, 'number'],
  244: ['nfc_disable', 1, 'flag'],
  245: ['sensor', 1, 'sensor'],
  246: ['output', 2, 'number'],
  247: ['pulse1', 4, 'number'],
  248: ['pulse2', 4, 'number'],
  249: ['settings', 0, 'hex'],
  250: ['external', 1, 'hex'],
  251: ['version', 2, 'number'],
  252: ['sleep', 4, 'hex'],
  253: ['generic', 0, 'hex'],
  254: ['reboot', 0, 'hex'],
};

/** What hangs on the external connector, from 1. */
const externals =
  'ANALOG PULSE_PULLDOWN PULSE_PULLUP ABSOLUT_PULSE_PULLDOWN ABSOLUT_PULSE_PULLUP 1_WIRE_TEMP_DS18B20 SWITCH_NO SWITCH_NC DIGITAL SRF_01 DECAGON WATERLEAK MAXBOTIX_ML738X GPS 1_WIRE_TEMP_SWITCH_NO ANALOG_0_3V ADC_MODULE_PT1000'.split(
    ' ',
  );

/** Models as the device numbers them. */
const models: Readonly<Record<number, string>> = {
  0: 'Unknown',
  1: 'ESM5K',
  10: 'ELT_1',
  11: 'ELT_1_HP',
  12: 'ELT_2_HP',
  13: 'ELT_LITE',
  20: 'ERS',
  21: 'ERS_CO2',
  22: 'ERS_LITE',
  23: 'ERS_EYE',
  24: 'ERS_DESK',
  25: 'ERS_SOUND',
  26: 'ERS_TVOC',
  27: 'ERS_CO2_LITE',
  30: 'EMS',
  31: 'EMS_DOOR',
  32: 'EMS_DESK',
  33: 'EMS_LITE',
  40: 'TAG',
  50: 'ERS15',
  51: 'ERS15_CO2',
  52: 'ERS15_LITE',
  53: 'ERS15_EYE',
  55: 'ERS15_SOUND',
  56: 'ERS15_TVOC',
  57: 'ERS15_CO2_LITE',
  60: 'ERS2',
  61: 'ERS2_CO2',
  62: 'ERS2_LITE',
  63: 'ERS2_EYE',
  65: 'ERS2_SOUND',
  66: 'ERS2_TVOC',
  67: 'ERS2_CO2_LITE',
  70: 'ECO',
  71: 'ECO_CO2',
  80: 'EMS2',
  90: 'ETHD10',
  91: 'EIAQD10',
  92: 'EIAQDP10',
};

const readInteger = (cursor: Cursor, size: number): number => {
  if (size === 1) return readU8(cursor);
  return size === 2 ? readU16Be(cursor) : readU32Be(cursor);
};

const readValue = (cursor: Cursor, size: number, form: Form): FieldValue => {
  if (form === 'hex' || form === 'secret') return readBytes(cursor, size).toHex();
  const number = readInteger(cursor, size);
  if (form === 'flag') return number !== 0;
  if (form === 'external') return externals[number - 1] ?? `unknown (${number})`;
  return form === 'sensor' ? (models[number] ?? 'Unknown') : number;
};

/**
 * The settings behind the header 3E: a length, then numbers with their values, as `setting_…`. Answers warnings: what
 * follows a number that is not known cannot be read, as its size is not known either.
 */
export const readSettings = (cursor: Cursor, fields: Fields): string[] => {
  const length = readU8(cursor);
  if (length > remaining(cursor)) {
    throw payloadError(`The settings end early: ${length} bytes announced, ${remaining(cursor)} left`);
  }
  const end = cursor.at + length;
  while (cursor.at < end) {
    const number = readU8(cursor);
    const setting = settings[number];
    if (!setting) return [`Setting ${number} is not known; it and what follows are left out`];
    const [name, size, form] = setting;
    const value = readValue(cursor, size === REST ? end - cursor.at : size, form);
    if (form !== 'secret') fields[`setting_${name}`] = value;
  }
  return cursor.at < cursor.bytes.length ? ['Bytes behind the settings are left out'] : [];
};
