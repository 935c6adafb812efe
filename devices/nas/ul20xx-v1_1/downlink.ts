import { nasDownlinks } from '../../formats/nas-frames.ts';
import { packets } from './format.ts';

export const downlinkEncoder = nasDownlinks(packets);
