import { airProperties } from './properties/air.ts';
import type { ObservedProperty } from './properties/define.ts';
import { energyProperties } from './properties/energy.ts';
import { healthProperties } from './properties/health.ts';
import { lightingProperties } from './properties/lighting.ts';
import { parkingProperties } from './properties/parking.ts';
import { soilProperties } from './properties/soil.ts';
import { trackingProperties } from './properties/tracking.ts';
import { trafficProperties } from './properties/traffic.ts';
import { wasteProperties } from './properties/waste.ts';
import { waterProperties } from './properties/water.ts';
import { weatherProperties } from './properties/weather.ts';

export type { ObservedProperty, QualityLimits } from './properties/define.ts';

const lists: readonly (readonly ObservedProperty[])[] = [
  wasteProperties,
  trafficProperties,
  waterProperties,
  weatherProperties,
  airProperties,
  soilProperties,
  energyProperties,
  parkingProperties,
  lightingProperties,
  trackingProperties,
  healthProperties,
];

export const observedProperties: ReadonlyMap<string, ObservedProperty> = new Map(
  lists.flat().map((entry) => [entry.id, entry]),
);
