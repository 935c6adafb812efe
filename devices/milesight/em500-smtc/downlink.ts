import { commonSettings, milesightDownlinks } from '../../formats/milesight-downlink.ts';

export const downlinkEncoder = milesightDownlinks(commonSettings);
