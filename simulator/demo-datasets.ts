import type { RegionEntity } from '../model/region-entity.ts';
import { datasetSchema, type ThingKind } from '../model/registry.ts';

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
    publication: { visibility: 'private' | 'delayed' | 'open'; licence: string; delayMinutes?: number },
  ): RegionEntity => ({
    kind: 'dataset',
    put: datasetSchema.parse({
      id,
      title: { de: `${de} (simuliert)`, en: `${en} (simulated)` },
      description: notice,
      publisher: 'kreis-ploen',
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
      { visibility: 'open', licence: byLicence },
    ),
    dataset(
      'containertechnik',
      ['Messwerte in den Containern', 'Readings inside the containers'],
      { kinds: ['container_slot'], properties: ['distance', 'container_temperature', 'tilt'] },
      { visibility: 'private', licence: byLicence },
    ),
    dataset(
      'verkehrsmengen',
      ['Verkehrsmengen', 'Traffic volumes'],
      { kinds: ['road_cross_section'], properties: ['vehicle_count'] },
      { visibility: 'delayed', delayMinutes: 60, licence: byLicence },
    ),
    dataset(
      'geschwindigkeiten',
      ['Gefahrene Geschwindigkeiten', 'Vehicle speeds'],
      { kinds: ['road_cross_section'], properties: ['vehicle_speed'] },
      { visibility: 'private', licence: byLicence },
    ),
    dataset(
      'wasserstaende',
      ['Wasserstände der Ostseeküste', 'Water levels of the Baltic coast'],
      { kinds: ['gauge'], properties: ['water_level'] },
      { visibility: 'open', licence: 'dl-de/zero-2-0' },
    ),
    dataset(
      'wetter',
      ['Wetter an der Ostseeküste', 'Weather on the Baltic coast'],
      { kinds: ['weather_station'] },
      { visibility: 'open', licence: 'CC-BY-4.0' },
    ),
    dataset(
      'energieverbrauch',
      ['Strom, Wärme, Gas und Wasser öffentlicher Gebäude', 'Electricity, heat, gas and water of public buildings'],
      { kinds: ['meter'] },
      { visibility: 'private', licence: byLicence },
    ),
    dataset(
      'parkplatzbelegung',
      ['Belegung der Parkplätze', 'Occupancy of parking bays'],
      { kinds: ['parking_bay'], properties: ['occupied'] },
      { visibility: 'open', licence: 'dl-de/zero-2-0' },
    ),
    dataset(
      'luftguete',
      ['Luftgüte draußen und in Klassenräumen', 'Air quality outdoors and in class rooms'],
      { kinds: ['air_station'], properties: openAir },
      { visibility: 'open', licence: 'CC-BY-4.0' },
    ),
    dataset(
      'luftmesstechnik',
      ['Weitere Messwerte der Luftsensoren', 'Other readings of the air sensors'],
      {
        kinds: ['air_station'],
        properties: ['pm1', 'pm4', 'particle_size', 'particle_concentration', 'illuminance', 'motion_count'],
      },
      { visibility: 'private', licence: byLicence },
    ),
  ];
};
