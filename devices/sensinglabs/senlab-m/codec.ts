export { senlabCodec as codec } from '../../formats/senlab-frames.ts';
