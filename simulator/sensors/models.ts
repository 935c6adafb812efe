import type { Medium } from '../demo-buildings.ts';
import { keyOf } from '../random.ts';
import type { Placed, ThingTruth } from '../truth/world.ts';
import { dlPm, ersCo2 } from './air.ts';
import { dlMbx, vegapulsAir } from './gauges.ts';
import { em4301, gwfCoder, t550 } from './meters.ts';
import { placePod, tps110 } from './parking.ts';
import type { Sensor, SensorPlace } from './sensor.ts';
import { tcr } from './traffic.ts';
import { em400Tld, wilsenSonicLevel } from './waste.ts';
import { dlAtm41 } from './weather.ts';

/** A sensor at a place, or nothing where such a model cannot look at such a thing. */
type Model = (place: SensorPlace, truth: ThingTruth) => Sensor | undefined;

/** The meter's model where it reads such a medium. */
const metered =
  (model: typeof em4301, ...readable: readonly Medium[]): Model =>
  (place, truth) =>
    truth.kind === 'meter' && readable.includes(truth.meter.medium) ? model({ ...place, ...truth }) : undefined;

const models: Readonly<Record<string, Model>> = {
  'milesight/em400-tld': (place, truth) =>
    truth.kind === 'container_slot' ? em400Tld({ ...place, ...truth }) : undefined,
  'pepperlfuchs/wilsen-sonic-level': (place, truth) =>
    truth.kind === 'container_slot' ? wilsenSonicLevel({ ...place, ...truth }) : undefined,
  'pmx/tcr': (place, truth) => (truth.kind === 'road_cross_section' ? tcr(place, truth.traffic) : undefined),
  'decentlab/dl-mbx': (place, truth) => (truth.kind === 'gauge' ? dlMbx({ ...place, ...truth }) : undefined),
  'vegapuls/air': (place, truth) => (truth.kind === 'gauge' ? vegapulsAir({ ...place, ...truth }) : undefined),
  'decentlab/dl-atm41': (place, truth) =>
    truth.kind === 'weather_station' ? dlAtm41(place, truth.weather) : undefined,
  'yobiiq/em4301': metered(em4301, 'electricity'),
  'landisgyr/t550': metered(t550, 'heat'),
  'gwf/coder': metered(gwfCoder, 'gas', 'water'),
  'bosch/tps110': (place, truth) => (truth.kind === 'parking_bay' ? tps110({ ...place, ...truth }) : undefined),
  'pni/placepod': (place, truth) => (truth.kind === 'parking_bay' ? placePod({ ...place, ...truth }) : undefined),
  'decentlab/dl-pm': (place, truth) =>
    truth.kind === 'air_station' && truth.air.place === 'outdoors' ? dlPm(place, truth.air, truth.weather) : undefined,
  'elsys/ers-co2': (place, truth) =>
    truth.kind === 'air_station' && truth.air.place === 'room' ? ersCo2(place, truth.air, truth.weather) : undefined,
};

/** Device profiles that the simulator can speak. */
export const simulatedProfiles: readonly string[] = Object.keys(models);

export const sensorOf = ({ device, deployment, truth }: Placed, seed: number): Sensor | undefined =>
  models[device.profile]?.(
    {
      key: keyOf(device.id, keyOf('sensors', seed)),
      deployedAt: Date.parse(deployment.from),
      mounting: deployment.parameters,
    },
    truth,
  );
