export { nwaveParking as codec } from '../../formats/nwave-g4.ts';
