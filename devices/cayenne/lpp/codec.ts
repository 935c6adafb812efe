export { cayenneLpp as codec } from '../../formats/cayenne-lpp.ts';
