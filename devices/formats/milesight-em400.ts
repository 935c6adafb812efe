import { type MilesightAnswer, milesightAnswers, underBoth } from './milesight-answers.ts';
import { milesightAttributes, milesightBattery, state, thresholdAlarm, u16 } from './milesight-items.ts';
import type { MilesightPart } from './milesight-parts.ts';
import { alarmSettings } from './milesight-settings.ts';
import type { MilesightFormat } from './milesight-tlv.ts';
import type { Part } from './part.ts';

const temperature: Part = { field: 'temperature', type: 's16le', divisor: 10 };
/** 65533: out of range, 65535: the measurement failed. */
const distance: Part = { field: 'distance', type: 'u16le', missing: [65535, 65533] };
const position = state('position', { 0: 'normal', 1: 'tilt' });

interface Em400Model {
  readonly alarms: MilesightPart;
  readonly answers?: readonly MilesightAnswer[];
  readonly disassembly?: boolean;
}

/**
 * EM400-TLD, EM400-MUD and EM400-UDL (READMEs of Milesight-IoT/SensorDecoders): temperature in 0.1 °C, distance in mm.
 * Their history is not documented: `20 CE` is read as for EM500-UDL.
 */
const em400 = ({ alarms, answers = [], disassembly = false }: Em400Model): MilesightFormat => ({
  fPort: 85,
  items: {
    ...milesightAttributes,
    ...milesightBattery,
    '03 67': [temperature],
    '04 82': [distance],
    '05 00': [position],
    '83 67': [temperature, thresholdAlarm('temperature_alarm')],
    '84 82': [distance, thresholdAlarm('distance_alarm')],
    ...(disassembly && { '88 00': [state('disassembly_alarm', { 0: 'normal', 1: 'device_abnormal_movement' })] }),
    ...milesightAnswers('02', '03', '10', '13', '1C', '28', '3E', '4A', '56', '70', '71', ...answers),
    ...underBoth('06', [alarms]),
  },
  history: { '20 CE': [distance] },
});

const twoModes = alarmSettings({
  1: { name: 'standard_mode', unsigned: true },
  2: { name: 'bin_mode', unsigned: true },
});

export const em400Tld = em400({ alarms: twoModes, answers: ['77', 'A1', 'A2'], disassembly: true });
export const em400Mud = em400({ alarms: twoModes, answers: ['77'] });
/** Knows the standard mode only, whatever bits 3 to 5 say. */
export const em400Udl = em400({ alarms: alarmSettings({ 0: { name: 'standard_mode', unsigned: true } }, 0x00) });

/** EM310-UDL (its README): without temperature, and the channels are one lower. */
export const em310Udl: MilesightFormat = {
  fPort: 85,
  items: {
    ...milesightAttributes,
    ...milesightBattery,
    '03 82': [distance],
    '04 00': [position],
    ...milesightAnswers('02', '03', '10'),
    ...underBoth('06', [
      alarmSettings(
        { 0: { name: 'distance', rest: [u16('distance_alarm_lock_time'), u16('distance_alarm_continue_time')] } },
        0x00,
      ),
    ]),
  },
};
