import { apiCoast } from './api/coast.ts';
import { apiRegionOverview } from './api/region-overview.ts';
import { apiWaste } from './api/waste.ts';
import type { DashboardSpec } from './assemble.ts';
import { coast } from './coast.ts';
import { energy } from './energy.ts';
import { environment } from './environment.ts';
import { hub } from './hub.ts';
import { network } from './network.ts';
import { parking } from './parking.ts';
import { regionOverview } from './region-overview.ts';
import { traffic } from './traffic.ts';
import { waste } from './waste.ts';

/** Every dashboard, by the name of its file. */
export const dashboards: Readonly<Record<string, DashboardSpec>> = {
  'region-overview': regionOverview,
  waste,
  traffic,
  coast,
  energy,
  environment,
  parking,
  network,
  hub,
  'api-region-overview': apiRegionOverview,
  'api-waste': apiWaste,
  'api-coast': apiCoast,
};
