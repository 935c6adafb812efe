import type { BuildingUse } from './truth/use.ts';

/** Public buildings and works of the demo region: real municipalities, invented houses. */
export const media = {
  electricity: ['strom', 'Strom'],
  heat: ['waerme', 'Wärme'],
  gas: ['gas', 'Gas'],
  water: ['wasser', 'Wasser'],
} as const;
export type Medium = keyof typeof media;

export interface Building {
  readonly id: string;
  readonly municipality: string;
  readonly name: string;
  readonly at: readonly [lon: number, lat: number];
  readonly use: BuildingUse;
  /** Floor area of a house; peak power in kW of a roof, of lamps and of pumps. */
  readonly size: number;
  readonly media: readonly Medium[];
  /** What is wrong there: heating that nobody turns down at night, a pipe that breaks now and then. */
  readonly fault?: 'night_heating' | 'leak';
}

const building = (
  [id, municipality, name]: readonly [string, string, string],
  at: readonly [number, number],
  what: Omit<Building, 'id' | 'municipality' | 'name' | 'at'>,
): Building => ({ id, municipality, name, at, ...what });

export const buildings: readonly Building[] = [
  building(['rathaus-heikendorf', 'heikendorf', 'Rathaus Heikendorf'], [10.2081, 54.3719], {
    use: 'town_hall',
    size: 2_600,
    media: ['electricity', 'heat'],
  }),
  building(['schule-schoenkirchen', 'schoenkirchen', 'Schule Schönkirchen'], [10.2217, 54.3378], {
    use: 'school',
    size: 4_800,
    media: ['electricity', 'heat', 'water'],
    fault: 'leak',
  }),
  building(['schulzentrum-luetjenburg', 'luetjenburg', 'Schulzentrum Lütjenburg'], [10.5829, 54.2965], {
    use: 'school',
    size: 9_200,
    media: ['electricity', 'heat'],
  }),
  building(['photovoltaik-luetjenburg', 'luetjenburg', 'Solardach Schulzentrum Lütjenburg'], [10.5831, 54.2967], {
    use: 'photovoltaics',
    size: 85,
    media: ['electricity'],
  }),
  building(['sporthalle-heikendorf', 'heikendorf', 'Sporthalle Heikendorf'], [10.2157, 54.3747], {
    use: 'sports_hall',
    size: 2_100,
    media: ['heat'],
    fault: 'night_heating',
  }),
  building(['schwimmhalle-laboe', 'laboe', 'Schwimmhalle Laboe'], [10.2256, 54.4081], {
    use: 'swimming_pool',
    size: 2_900,
    media: ['electricity', 'heat', 'water'],
  }),
  building(['kita-wendtorf', 'wendtorf', 'Kindertagesstätte Wendtorf'], [10.2931, 54.4093], {
    use: 'kindergarten',
    size: 780,
    media: ['gas'],
  }),
  building(['feuerwehr-moenkeberg', 'moenkeberg', 'Feuerwehr Mönkeberg'], [10.1869, 54.3489], {
    use: 'fire_station',
    size: 640,
    media: ['gas'],
  }),
  building(['strassenbeleuchtung-laboe', 'laboe', 'Straßenbeleuchtung Strandstraße Laboe'], [10.2231, 54.4046], {
    use: 'street_lighting',
    size: 6.4,
    media: ['electricity'],
  }),
  building(['pumpwerk-hohwacht', 'hohwacht', 'Abwasserpumpwerk Hohwacht'], [10.6709, 54.3171], {
    use: 'sewage_pumping',
    size: 7.5,
    media: ['electricity'],
  }),
];

/** Class rooms with an air sensor: building, slug, name, pupils. */
export const classrooms: readonly (readonly [building: string, slug: string, name: string, pupils: number])[] = [
  ['schule-schoenkirchen', 'raum-104', 'Raum 104', 23],
  ['schulzentrum-luetjenburg', 'raum-112', 'Raum 112', 26],
  ['schulzentrum-luetjenburg', 'raum-207', 'Raum 207', 21],
];
