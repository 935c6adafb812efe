import { DAY, type EpochMs, HOUR, MINUTE } from '../../model/time.ts';
import { keyOf, smoothNoise, uniform } from '../random.ts';
import { type Storms, surgeAt } from './storm.ts';

export interface GaugeDescription {
  readonly id: string;
  /** A bay's end piles the water up (above 1) or a narrow entrance keeps it out (below 1). */
  readonly gain: number;
  readonly lagMinutes: number;
}

export interface WaterTruth {
  /** Water level above NHN in metres. */
  levelM(time: EpochMs): number;
}

/** Tides of the Kiel Bight in metres: some centimetres only. Periods by Doodson; amplitudes of the order seen at Kiel. */
const constituents = [
  { name: 'M2', periodH: 12.420_601_2, amplitudeM: 0.032 },
  { name: 'S2', periodH: 12, amplitudeM: 0.011 },
  { name: 'K1', periodH: 23.934_469_7, amplitudeM: 0.013 },
  { name: 'O1', periodH: 25.819_341_7, amplitudeM: 0.014 },
] as const;
/** First seiche of the western and the whole Baltic Proper. */
const SEICHE_PERIOD_H = 27.4;

/** The water level at one gauge for ever: tides, seiches, wind, the filling of the Baltic, and the storm surges. */
export const createWaterTruth = (gauge: GaugeDescription, seed: number, storms: Storms): WaterTruth => {
  const sea = keyOf('sea', seed);
  // Easterly wind fills the bays: the same noise as the wind's turn in weather.ts, some hours later.
  const wind = keyOf('turn', keyOf('weather', seed));
  const filled = keyOf('filling', sea);
  const own = keyOf(gauge.id, seed);
  const tides = constituents.map(({ name, periodH, amplitudeM }) => ({
    frequency: (2 * Math.PI) / (periodH * HOUR),
    phase: 2 * Math.PI * uniform(keyOf(name, sea), 0),
    amplitudeM,
  }));
  return {
    levelM: (time) => {
      const t = time - gauge.lagMinutes * MINUTE;
      let tide = 0;
      for (const { frequency, phase, amplitudeM } of tides) tide += amplitudeM * Math.cos(frequency * t + phase);
      const seiche = 0.05 * smoothNoise(sea, t / (4 * DAY)) * Math.cos((2 * Math.PI * t) / (SEICHE_PERIOD_H * HOUR));
      const setUp = -0.13 * smoothNoise(wind, (t - 5 * HOUR) / (40 * HOUR));
      const filling = 0.09 * smoothNoise(filled, t / (9 * DAY));
      const harbour = 0.008 * smoothNoise(own, t / (25 * MINUTE));
      return 0.03 + filling + harbour + gauge.gain * (tide + seiche + setUp + surgeAt(storms.near(t), t));
    },
  };
};
