import { entityTypes } from './entity-model.ts';

const spec = 'http://www.opengis.net/spec/iot_sensing/1.1/req';

/** Requirement classes that are met, and extensions by the address of their description; docs/sensorthings.md names the tests. */
export const conformance: readonly string[] = [
  ...[
    'datamodel',
    'resource-path/resource-path-to-entities',
    'request-data',
    'create-update-delete',
    'create-update-delete/create-entity',
    'create-update-delete/link-to-existing-entities',
    'create-update-delete/deep-insert',
    'create-update-delete/deep-insert-status-code',
    'create-update-delete/update-entity',
    'create-update-delete/update-entity-put',
    'create-update-delete/delete-entity',
    'create-update-delete/historical-location-auto-creation',
    'create-update-delete/historical-location-manual-creation',
    'data-array/data-array',
  ].map((requirement) => `${spec}/${requirement}`),
  'https://fraunhoferiosb.github.io/FROST-Server/extensions/DeepSelect.html',
  'https://fraunhoferiosb.github.io/FROST-Server/extensions/GeoJSON-ResultFormat.html',
  'https://github.com/INSIDE-information-systems/SensorThingsAPI/blob/master/CSV-ResultFormat/CSV-ResultFormat.md',
];

/** What stands at the service's root (18-088 §9.2.1). */
export const serviceRoot = (root: string) => ({
  value: rootSets.map((name) => ({ name, url: `${root}/${name}` })),
  serverSettings: { conformance },
});

const rootSets = Object.keys(entityTypes).toSorted();
