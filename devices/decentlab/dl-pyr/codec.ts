import { batteryWithLevel, computed, decentlabCodec } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-PYR: Apogee sensor read by a 16-bit converter of 3 V: 5 units per mV. */
export const codec = decentlabCodec({
  blocks: [
    { size: 1, values: [computed('total_solar_radiation', ([raw = 0]) => 3 * (raw / 32768 - 1) * 1000 * 5)] },
    batteryWithLevel,
  ],
});
