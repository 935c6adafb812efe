export { decentlabDownlinks as downlinkEncoder } from '../../formats/decentlab-downlink.ts';
