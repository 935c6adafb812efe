import { milesightAnswers, underBoth } from './milesight-answers.ts';
import { milesightAttributes, milesightBattery, number, state, u16 } from './milesight-items.ts';
import type { MilesightPart } from './milesight-parts.ts';
import { screenElements } from './milesight-settings.ts';
import type { MilesightFormat, MilesightItems } from './milesight-tlv.ts';

/** AM307, AM308 and AM319, which add dust and a gas one after the other (READMEs of Milesight-IoT/SensorDecoders). */

const pir = state('pir', { 0: 'idle', 1: 'trigger' });
const lightLevel = number('light_level', 'u8');
const temperature = number('temperature', 's16le', 10);
const co2 = u16('co2');
const pressure = number('pressure', 'u16le', 10);

/**
 * Of one number two readings: older firmware means parts per billion, later firmware hundredths of an indoor air quality
 * index. Micrograms have an item of their own.
 */
const tvoc: MilesightPart = {
  type: 'bits',
  size: 2,
  bits: [
    { field: 'tvoc', at: 0, width: 16 },
    { field: 'tvoc_index', at: 0, width: 16, divisor: 100 },
  ],
};
const tvocMass = u16('tvoc_mass');

interface Am300Model {
  readonly dust?: boolean;
  readonly gas?: 'hcho' | 'o3';
}

const gasItems = {
  hcho: { '0A 7D': [number('hcho', 'u16le', 100)] },
  o3: { '0D 7D': [number('o3', 'u16le', 100)] },
} as const satisfies Record<string, MilesightItems>;

const elements = ['temperature', 'humidity', 'co2', 'light', 'tvoc', 'smile', 'letter', 'pm2_5', 'pm10', 'gas'];

/** Live, both gases are told apart by their channels; a stored record has room for the one that the device measures. */
export const am300 = ({ dust = false, gas }: Am300Model = {}): MilesightFormat => {
  const particles = dust ? [u16('pm2_5'), u16('pm10')] : [];
  const record = (volatile: MilesightPart): readonly MilesightPart[] => [
    temperature,
    number('humidity', 'u16le', 2),
    pir,
    lightLevel,
    co2,
    volatile,
    pressure,
    ...particles,
    ...(gas ? [number(gas, 'u16le', 100)] : []),
  ];
  const shown = gas ? elements.length : dust ? elements.length - 1 : 7;
  return {
    fPort: 85,
    items: {
      ...milesightAttributes,
      ...milesightBattery,
      '03 67': [temperature],
      '04 68': [number('humidity', 'u8', 2)],
      '05 00': [pir],
      '06 CB': [lightLevel],
      '07 7D': [co2],
      '08 7D': [tvoc],
      '08 E6': [tvocMass],
      '09 73': [pressure],
      '0E 01': [state('buzzer_status', { 0: 'off', 1: 'on' })],
      // Larger siblings' items are read as well: what a device sends it has.
      '0B 7D': [u16('pm2_5')],
      '0C 7D': [u16('pm10')],
      ...gasItems.hcho,
      ...gasItems.o3,
      ...milesightAnswers('03', '10', '17', '1A', '25', '27', '2C', '2D', '2E', 'EB', '3A', '3B', '3C', '3D'),
      ...milesightAnswers(gas ? '39' : '39 long', '3E buzzer', '65', '66', '68', '69', '6A', '6D', 'F4'),
      ...underBoth('F0', [screenElements(...elements.slice(0, shown))]),
    },
    history: { '20 CE': record(tvoc), '21 CE': record(tvocMass) },
  };
};
