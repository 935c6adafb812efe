import type { BlockFormat } from '../../formats/pepperl-fuchs-blocks.ts';
import { wilsenAnswers, wilsenCounters, wilsenMeasurements } from '../../formats/wilsen-blocks.ts';

export const format: BlockFormat = {
  fPort: 1,
  blocks: { ...wilsenMeasurements, ...wilsenCounters, ...wilsenAnswers },
};
