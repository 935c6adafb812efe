export { em4301 as codec } from '../../formats/yobiiq-meters.ts';
