export { em2101 as codec } from '../../formats/yobiiq-meters.ts';
