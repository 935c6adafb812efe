/**
 * The places of the demo region: real municipalities and real geography of the Baltic coast of Schleswig-Holstein; every
 * container, counter and sensor in it is invented. Names and official keys as in the municipal register of the German
 * statistical offices (Destatis, GV-ISys, extract AuszugGV4Q of 2021; keys of Damp and Kappeln also looked up in lists of
 * 2023 and 2026); demo-region.test.ts compares keys and positions with it.
 */
type Lon = number;
type Lat = number;

/** id, name, official key (AGS; districts five digits), parent */
export const municipalities: readonly (readonly [string, string, string, string?])[] = [
  ['kreis-ploen', 'Kreis Plön', '01057'],
  ['kreis-rendsburg-eckernfoerde', 'Kreis Rendsburg-Eckernförde', '01058'],
  ['kreis-schleswig-flensburg', 'Kreis Schleswig-Flensburg', '01059'],
  ['laboe', 'Laboe', '01057043', 'kreis-ploen'],
  ['heikendorf', 'Heikendorf', '01057025', 'kreis-ploen'],
  ['moenkeberg', 'Mönkeberg', '01057051', 'kreis-ploen'],
  ['schoenkirchen', 'Schönkirchen', '01057074', 'kreis-ploen'],
  ['schoenberg', 'Schönberg (Holstein)', '01057073', 'kreis-ploen'],
  ['wendtorf', 'Wendtorf', '01057087', 'kreis-ploen'],
  ['hohwacht', 'Hohwacht (Ostsee)', '01057030', 'kreis-ploen'],
  ['luetjenburg', 'Lütjenburg', '01057048', 'kreis-ploen'],
  ['behrensdorf', 'Behrensdorf (Ostsee)', '01057004', 'kreis-ploen'],
  ['strande', 'Strande', '01058157', 'kreis-rendsburg-eckernfoerde'],
  ['eckernfoerde', 'Eckernförde', '01058043', 'kreis-rendsburg-eckernfoerde'],
  ['damp', 'Damp', '01058040', 'kreis-rendsburg-eckernfoerde'],
  ['kappeln', 'Kappeln', '01059045', 'kreis-schleswig-flensburg'],
  ['maasholm', 'Maasholm', '01059142', 'kreis-schleswig-flensburg'],
];

/** Container islands by municipality: name, longitude, latitude, share of summer guests in what is thrown in (0 to 1). */
export const islands: Readonly<Record<string, readonly (readonly [string, Lon, Lat, number])[]>> = {
  laboe: [
    ['Hafen', 10.2166, 54.4018, 0.6],
    ['Ehrenmal', 10.2318, 54.4108, 0.8],
    ['Schule', 10.2276, 54.4037, 0.1],
    ['Oberdorf', 10.2247, 54.3989, 0.1],
    ['Schwimmhalle', 10.2253, 54.4077, 0.4],
  ],
  heikendorf: [
    ['Rathaus', 10.2086, 54.3714, 0.1],
    ['Möltenort', 10.1974, 54.3776, 0.5],
    ['Sportplatz', 10.2161, 54.3743, 0.1],
    ['Neuheikendorf', 10.2313, 54.3668, 0.1],
  ],
  moenkeberg: [
    ['Gemeindehaus', 10.1812, 54.3527, 0.1],
    ['Strand', 10.1771, 54.3561, 0.4],
    ['Feuerwehr', 10.1866, 54.3493, 0.1],
  ],
  schoenkirchen: [
    ['Markt', 10.2263, 54.3353, 0.1],
    ['Schule', 10.2219, 54.3374, 0.1],
    ['Oppendorf', 10.2102, 54.3289, 0.1],
    ['Gewerbegebiet', 10.2349, 54.3318, 0.1],
  ],
  schoenberg: [
    ['Rathaus', 10.3742, 54.3931, 0.2],
    ['Bahnhof', 10.3697, 54.3959, 0.2],
    ['Schule', 10.3793, 54.3907, 0.1],
    ['Kalifornien', 10.3553, 54.4287, 0.9],
    ['Brasilien', 10.3757, 54.4253, 0.9],
    ['Schönberger Strand', 10.4033, 54.4137, 0.8],
  ],
  wendtorf: [
    ['Dorfplatz', 10.2903, 54.4107, 0.2],
    ['Marina', 10.2879, 54.4213, 0.9],
    ['Feuerwehr', 10.2947, 54.4089, 0.1],
  ],
  hohwacht: [
    ['Kurverwaltung', 10.6731, 54.3187, 0.8],
    ['Alt-Hohwacht', 10.6644, 54.3217, 0.6],
    ['Haßberg', 10.6463, 54.3159, 0.3],
  ],
  luetjenburg: [
    ['Markt', 10.5887, 54.2929, 0.2],
    ['Schulzentrum', 10.5833, 54.2961, 0.1],
    ['Gildenplatz', 10.5923, 54.2903, 0.2],
    ['Gewerbegebiet', 10.5769, 54.2917, 0.1],
    ['Bismarckturm', 10.5961, 54.2963, 0.2],
  ],
};

export interface Road {
  readonly id: string;
  readonly municipality: string;
  readonly name: string;
  readonly at: readonly [Lon, Lat];
  /** Mean vehicles a day outside the season. */
  readonly vehiclesPerDay: number;
  readonly limitKmh: number;
  /** How much the high season adds, as a factor on top of 1. */
  readonly seasonGain: number;
  /** Share of heavy vehicles. */
  readonly heavyShare: number;
}

const road = (
  [id, municipality, name]: readonly [string, string, string],
  at: readonly [Lon, Lat],
  [vehiclesPerDay, limitKmh, seasonGain, heavyShare]: readonly [number, number, number, number],
): Road => ({ id, municipality, name, at, vehiclesPerDay, limitKmh, seasonGain, heavyShare });

export const roads: readonly Road[] = [
  road(['b502-heikendorf', 'heikendorf', 'B 502 bei Heikendorf'], [10.2237, 54.3741], [12_500, 70, 0.35, 0.05]),
  road(['l30-laboe', 'laboe', 'L 30 Ortseingang Laboe'], [10.2291, 54.3961], [6_800, 50, 0.6, 0.04]),
  road(['strandstrasse-laboe', 'laboe', 'Strandstraße Laboe'], [10.2239, 54.4049], [3_200, 30, 1.3, 0.03]),
  road(['b502-schoenberg', 'schoenberg', 'B 502 bei Schönberg'], [10.3611, 54.3921], [7_900, 100, 0.5, 0.05]),
  road(
    ['strandstrasse-schoenberg', 'schoenberg', 'Zum Schönberger Strand'],
    [10.3919, 54.4043],
    [3_600, 50, 1.2, 0.03],
  ),
  road(['schoenkirchen-sued', 'schoenkirchen', 'Schönberger Landstraße'], [10.2201, 54.3303], [10_200, 50, 0.2, 0.06]),
  road(['marinaweg-wendtorf', 'wendtorf', 'Zufahrt Marina Wendtorf'], [10.2891, 54.4157], [1_500, 50, 1.6, 0.02]),
  road(['b202-luetjenburg', 'luetjenburg', 'B 202 bei Lütjenburg'], [10.5709, 54.2891], [8_800, 100, 0.45, 0.09]),
  road(
    ['kieler-strasse-luetjenburg', 'luetjenburg', 'Kieler Straße Lütjenburg'],
    [10.5811, 54.2933],
    [5_400, 50, 0.25, 0.05],
  ),
  road(['strandstrasse-hohwacht', 'hohwacht', 'Strandstraße Hohwacht'], [10.6697, 54.3173], [2_600, 50, 1.4, 0.03]),
  road(['b76-eckernfoerde', 'eckernfoerde', 'B 76 Eckernförde'], [9.8331, 54.4647], [17_500, 50, 0.3, 0.07]),
  road(['b203-kappeln', 'kappeln', 'B 203 Kappeln'], [9.9331, 54.6631], [11_000, 50, 0.5, 0.06]),
];

export interface GaugePlace {
  readonly id: string;
  readonly municipality: string;
  readonly name: string;
  readonly at: readonly [Lon, Lat];
  /** Height of the sensor's zero above NHN in metres. */
  readonly sensorHeightM: number;
  /** A bay's end piles the water up (above 1) or a narrow entrance keeps it out (below 1). */
  readonly gain: number;
  readonly lagMinutes: number;
}

const gauge = (
  [id, municipality, name]: readonly [string, string, string],
  at: readonly [Lon, Lat],
  [sensorHeightM, gain, lagMinutes]: readonly [number, number, number],
): GaugePlace => ({ id, municipality, name, at, sensorHeightM, gain, lagMinutes });

export const gauges: readonly GaugePlace[] = [
  gauge(['pegel-laboe', 'laboe', 'Pegel Hafen Laboe'], [10.2147, 54.4021], [3.62, 1, 0]),
  gauge(['pegel-moeltenort', 'heikendorf', 'Pegel Möltenort'], [10.1937, 54.3773], [3.87, 1.03, 8]),
  gauge(['pegel-wendtorf', 'wendtorf', 'Pegel Marina Wendtorf'], [10.2883, 54.4223], [3.41, 0.97, -6]),
  gauge(['pegel-lippe', 'behrensdorf', 'Pegel Hafen Lippe'], [10.6389, 54.3377], [3.55, 0.94, -20]),
  gauge(['pegel-strande', 'strande', 'Pegel Hafen Strande'], [10.1727, 54.4329], [3.7, 0.99, 3]),
  gauge(['pegel-eckernfoerde', 'eckernfoerde', 'Pegel Hafen Eckernförde'], [9.8379, 54.4737], [4.12, 1.14, 15]),
  gauge(['pegel-damp', 'damp', 'Pegel Hafen Damp'], [10.0239, 54.5823], [3.58, 1.01, 5]),
  gauge(['pegel-kappeln', 'kappeln', 'Pegel Schlei Kappeln'], [9.9373, 54.6627], [3.2, 0.86, 70]),
];

/** Weather stations: id, municipality, name, longitude, latitude */
export const weatherPlaces: readonly (readonly [string, string, string, Lon, Lat])[] = [
  ['wetter-laboe', 'laboe', 'Wetterstation Laboe', 10.2327, 54.4113],
  ['wetter-hohwacht', 'hohwacht', 'Wetterstation Hohwacht', 10.6757, 54.3193],
  ['wetter-eckernfoerde', 'eckernfoerde', 'Wetterstation Eckernförde', 9.8417, 54.4611],
  ['wetter-maasholm', 'maasholm', 'Wetterstation Maasholm', 9.9893, 54.6841],
];

export const parkingKinds = ['harbour', 'beach', 'station', 'market'] as const;
export type ParkingKind = (typeof parkingKinds)[number];

/** Car parks: id, municipality, name, longitude, latitude, kind; ten bays each. */
export const carParks: readonly (readonly [string, string, string, Lon, Lat, ParkingKind])[] = [
  ['parkplatz-hafen-laboe', 'laboe', 'Parkplatz Hafen Laboe', 10.2159, 54.4013, 'harbour'],
  ['parkplatz-schoenberger-strand', 'schoenberg', 'Parkplatz Schönberger Strand', 10.4041, 54.4131, 'beach'],
  ['parkplatz-bahnhof-eckernfoerde', 'eckernfoerde', 'Parkplatz Bahnhof Eckernförde', 9.8371, 54.4683, 'station'],
  ['parkplatz-markt-luetjenburg', 'luetjenburg', 'Parkplatz Markt Lütjenburg', 10.5883, 54.2934, 'market'],
];

export const airSettings = ['street', 'residential', 'background'] as const;
export type AirSetting = (typeof airSettings)[number];

/** Air stations outdoors: id, municipality, name, longitude, latitude, setting, and the road beside it. */
export const airPlaces: readonly (readonly [string, string, string, Lon, Lat, AirSetting, string?])[] = [
  ['luft-b76-eckernfoerde', 'eckernfoerde', 'Luft B 76 Eckernförde', 9.8336, 54.4651, 'street', 'b76-eckernfoerde'],
  ['luft-schoenkirchen', 'schoenkirchen', 'Luft Schönkirchen', 10.2203, 54.3305, 'street', 'schoenkirchen-sued'],
  ['luft-luetjenburg', 'luetjenburg', 'Luft Lütjenburg Oberstadt', 10.5921, 54.2921, 'residential'],
  ['luft-schoenberg', 'schoenberg', 'Luft Schönberg Wohngebiet', 10.3737, 54.3913, 'residential'],
  ['luft-hohwacht', 'hohwacht', 'Luft Hohwacht Steilküste', 10.6761, 54.3197, 'background'],
];

/** Gateways: network, id (EUI-64, locally administered), name, longitude, latitude */
export const gateways: readonly (readonly ['demo-chirpstack' | 'demo-tts', string, string, Lon, Lat])[] = [
  ['demo-chirpstack', '0253494d00000001', 'ehrenmal-laboe', 10.2306, 54.4122],
  ['demo-chirpstack', '0253494d00000002', 'rathaus-heikendorf', 10.2086, 54.3714],
  ['demo-chirpstack', '0253494d00000003', 'wasserturm-schoenberg', 10.3729, 54.3913],
  ['demo-chirpstack', '0253494d00000004', 'bismarckturm-luetjenburg', 10.5967, 54.2969],
  ['demo-chirpstack', '0253494d00000005', 'kurverwaltung-hohwacht', 10.6733, 54.3189],
  ['demo-chirpstack', '0253494d00000006', 'silo-eckernfoerde', 9.8393, 54.4719],
  ['demo-chirpstack', '0253494d00000007', 'muehle-kappeln', 9.9311, 54.6607],
  ['demo-chirpstack', '0253494d00000008', 'hafen-damp', 10.0227, 54.5817],
  ['demo-tts', '0253494d00000101', 'leuchtturm-buelk', 10.1976, 54.4553],
  ['demo-tts', '0253494d00000102', 'schule-schoenkirchen', 10.2219, 54.3374],
  ['demo-tts', '0253494d00000103', 'gut-panker', 10.5713, 54.3253],
  ['demo-tts', '0253494d00000104', 'kirche-schoenberg', 10.3747, 54.3939],
];
