import { commonSettings, historySettings, milesightDownlinks } from '../../formats/milesight-downlink.ts';

export const downlinkEncoder = milesightDownlinks({ ...commonSettings, ...historySettings });
