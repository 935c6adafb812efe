import type { RegionEntity } from '../model/region-entity.ts';
import { type Dataset, datasetSchema, type ThingKind } from '../model/registry.ts';

/** What the public learns of the air; when somebody was in a class room is not among it. */
const openAir = [
  'pm2_5',
  'pm10',
  'co2',
  'air_temperature',
  'relative_humidity',
  'air_pressure',
  'indoor_temperature',
  'indoor_humidity',
];

type Publication = Pick<Dataset, 'visibility' | 'licence' | 'themes'> &
  Partial<Pick<Dataset, 'delayMinutes' | 'hvdCategory' | 'updateRhythm'>>;

/** Nobody reads it: the region is invented, and example.org belongs to no one (RFC 2606). */
const contact = { name: 'plietsch-Demoregion', email: 'offene-daten@example.org', url: 'https://example.org/' };

/** What the demo region publishes, to everybody, later, or to operators only. */
export const demoDatasets = (): RegionEntity[] => {
  const notice = {
    de: 'Simulierte Daten zu Vorführzwecken; sie beschreiben keine wirklichen Anlagen.',
    en: 'Simulated data for demonstration; they describe no real installations.',
  };
  const dataset = (
    id: string,
    [de, en]: readonly [string, string],
    members: { kinds: ThingKind[]; properties?: string[] },
    publication: Publication,
  ): RegionEntity => ({
    kind: 'dataset',
    put: datasetSchema.parse({
      id,
      title: { de: `${de} (simuliert)`, en: `${en} (simulated)` },
      description: notice,
      publisher: 'kreis-ploen',
      contact,
      attribution: 'plietsch-Demoregion, simulierte Daten',
      members,
      ...publication,
    }),
  });
  const byLicence = 'dl-de/by-2-0';
  return [
    dataset(
      'containerfuellstand',
      ['Füllstände der Wertstoffcontainer', 'Fill levels of recycling containers'],
      { kinds: ['container_slot'], properties: ['fill_level'] },
      { visibility: 'open', licence: byLicence, themes: ['ENVI'], updateRhythm: 'hourly' },
    ),
    dataset(
      'containertechnik',
      ['Messwerte in den Containern', 'Readings inside the containers'],
      { kinds: ['container_slot'], properties: ['distance', 'container_temperature', 'tilt'] },
      { visibility: 'private', licence: byLicence, themes: ['ENVI'] },
    ),
    dataset(
      'verkehrsmengen',
      ['Verkehrsmengen', 'Traffic volumes'],
      { kinds: ['road_cross_section'], properties: ['vehicle_count'] },
      {
        visibility: 'delayed',
        delayMinutes: 60,
        licence: byLicence,
        themes: ['TRAN'],
        hvdCategory: 'mobility',
        updateRhythm: 'hourly',
      },
    ),
    dataset(
      'geschwindigkeiten',
      ['Gefahrene Geschwindigkeiten', 'Vehicle speeds'],
      { kinds: ['road_cross_section'], properties: ['vehicle_speed'] },
      { visibility: 'private', licence: byLicence, themes: ['TRAN'] },
    ),
    dataset(
      'wasserstaende',
      ['Wasserstände der Ostseeküste', 'Water levels of the Baltic coast'],
      { kinds: ['gauge'], properties: ['water_level'] },
      {
        visibility: 'open',
        licence: 'dl-de/zero-2-0',
        themes: ['ENVI', 'TRAN'],
        hvdCategory: 'earth-observation-and-environment',
      },
    ),
    dataset(
      'wetter',
      ['Wetter an der Ostseeküste', 'Weather on the Baltic coast'],
      { kinds: ['weather_station'] },
      { visibility: 'open', licence: 'CC-BY-4.0', themes: ['ENVI'], hvdCategory: 'meteorological' },
    ),
    dataset(
      'energieverbrauch',
      ['Strom, Wärme, Gas und Wasser öffentlicher Gebäude', 'Electricity, heat, gas and water of public buildings'],
      { kinds: ['meter'] },
      { visibility: 'private', licence: byLicence, themes: ['ENER'] },
    ),
    dataset(
      'parkplatzbelegung',
      ['Belegung der Parkplätze', 'Occupancy of parking bays'],
      { kinds: ['parking_bay'], properties: ['occupied'] },
      { visibility: 'open', licence: 'dl-de/zero-2-0', themes: ['TRAN'] },
    ),
    dataset(
      'luftguete',
      ['Luftgüte draußen und in Klassenräumen', 'Air quality outdoors and in class rooms'],
      { kinds: ['air_station'], properties: openAir },
      {
        visibility: 'open',
        licence: 'CC-BY-4.0',
        themes: ['ENVI', 'HEAL'],
        hvdCategory: 'earth-observation-and-environment',
      },
    ),
    dataset(
      'luftmesstechnik',
      ['Weitere Messwerte der Luftsensoren', 'Other readings of the air sensors'],
      {
        kinds: ['air_station'],
        properties: ['pm1', 'pm4', 'particle_size', 'particle_concentration', 'illuminance', 'motion_count'],
      },
      { visibility: 'private', licence: byLicence, themes: ['ENVI'] },
    ),
  ];
};
