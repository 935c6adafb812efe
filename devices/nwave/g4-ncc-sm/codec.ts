export { nwaveCounter as codec } from '../../formats/nwave-g4.ts';
