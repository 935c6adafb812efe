export { em400Tld as format } from '../../formats/milesight-em400.ts';
