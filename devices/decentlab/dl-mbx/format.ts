import { batteryBlock, type DecentlabFormat, word } from '../../formats/decentlab-v2.ts';

/** decentlab/decentlab-decoders, DL-MBX: distance in mm and how many of the ultrasonic samples were good. */
export const format: DecentlabFormat = {
  blocks: [[word('distance'), word('valid_samples')], batteryBlock],
};
