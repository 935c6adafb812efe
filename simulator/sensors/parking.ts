import type { FieldValue } from '../../devices/codec.ts';
import { type EpochMs, HOUR, SECOND } from '../../model/time.ts';
import { between } from '../random.ts';
import type { BayTruth } from '../truth/parking.ts';
import type { WeatherTruth } from '../truth/weather.ts';
import { batteryAt, type Sensor, type SensorPlace, type Transmission } from './sensor.ts';

interface Bay extends SensorPlace {
  readonly bay: BayTruth;
  readonly weather: WeatherTruth;
}

const HEARTBEAT = 4 * HOUR;
/** Heartbeat and so many changes: for the estimate of how many messages there are. */
const FRAMES_PER_HEARTBEAT = 2.1;

type Kind = 'change' | 'heartbeat';
interface Report {
  readonly kind: Kind;
  readonly time: EpochMs;
  readonly occupied: boolean;
}

/** Reports each change some seconds after it, when the magnetic field has come to rest, and six times a day how it is. */
const onChange = (
  { key, deployedAt, bay }: Bay,
  frameOf: (report: Report) => Pick<Transmission, 'fields' | 'fPort'>,
): Sensor => {
  const firstAt = deployedAt + Math.round(between(key, 1, [60 * SECOND, HEARTBEAT]));
  const delay = Math.round(between(key, 2, [8, 35]) * SECOND);
  const changes = (from: EpochMs, to: EpochMs): Report[] =>
    bay
      .stays(from - delay, to - delay)
      .flatMap(({ arrive, leave }): Report[] => [
        { kind: 'change', time: arrive + delay, occupied: true },
        { kind: 'change', time: leave + delay, occupied: false },
      ])
      .filter(({ time }) => time > from && time < to);
  const transmissions = (interval: number): Transmission[] => {
    const from = firstAt + interval * HEARTBEAT;
    const heartbeat: Report = { kind: 'heartbeat', time: from, occupied: bay.occupied(from - delay) };
    return [heartbeat, ...changes(from, from + HEARTBEAT)].map((report) => ({
      time: report.time,
      ...frameOf(report),
    }));
  };
  return {
    intervalMs: HEARTBEAT,
    framesPerInterval: FRAMES_PER_HEARTBEAT,
    framesIn: (interval) => {
      const from = firstAt + interval * HEARTBEAT;
      return 1 + changes(from, from + HEARTBEAT).length;
    },
    firstAt,
    transmissions,
    batteryPercent: (time) => batteryAt(key, time - deployedAt),
  };
};

/** In the ground: slower than the air, and warmed by the sun. */
const groundC = ({ weather }: Bay, time: EpochMs): number => {
  const { airTemperatureC, solarRadiationWm2 } = weather.at(time - 2 * HOUR);
  return airTemperatureC + 1 + 0.012 * solarRadiationWm2;
};

/** Bosch TPS110: radar and magnetic field; changes on fPort 1, heartbeats on fPort 2, whole degrees. */
export const tps110 = (place: Bay): Sensor =>
  onChange(place, ({ kind, time, occupied }) => ({
    fPort: kind === 'change' ? 1 : 2,
    fields: { occupied, temperature: Math.round(groundC(place, time)) },
  }));

/** PNI PlacePod: magnetic field; temperature and battery with the heartbeat. */
export const placePod = (place: Bay): Sensor =>
  onChange(place, ({ kind, time, occupied }) => {
    const fields: Record<string, FieldValue> = { occupied };
    if (kind === 'heartbeat') {
      fields.temperature = Math.round(10 * groundC(place, time)) / 10;
      fields.battery_voltage = Math.round(100 * (3 + 0.006 * batteryAt(place.key, time - place.deployedAt))) / 100;
    }
    return { fields };
  });
