import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from './errors.ts';
import { type CsvTable, parseRegionCsv } from './region-csv.ts';

const registered = () => true;

const faultsOf = (table: CsvTable, text: string, known = true): string[] => {
  try {
    parseRegionCsv(table, text, { registered: () => known });
  } catch (thrown) {
    if (!(thrown instanceof HubError) || thrown.code !== 'HUB_CSV_INVALID') throw thrown;
    return thrown.faults.map(({ line, path, message }) => `${line} ${path}: ${message}`);
  }
  return [];
};

describe('a CSV file of sites', () => {
  it.each([
    ['comma', 'id,name,municipality,latitude,longitude\nhafen,Hafen,laboe,54.41,10.22\n'],
    [
      'semicolon, BOM, decimal comma, CRLF',
      '\uFEFFID;Name;Municipality;Longitude;Latitude\r\n\r\nhafen;Hafen;laboe;10,22;54,41\r\n',
    ],
    ['quotes', 'id,name,municipality,latitude,longitude,address\n"hafen","Hafen",laboe,"54,41","10,22",\n'],
  ])('is read with %s', (_name, text) => {
    expect(parseRegionCsv('sites', text, { registered })).toEqual([
      {
        kind: 'site',
        put: {
          id: 'hafen',
          name: 'Hafen',
          municipality: 'laboe',
          geometry: { type: 'Point', coordinates: [10.22, 54.41] },
        },
      },
    ]);
  });

  it('is refused with all faults and their lines', () => {
    const text = `id;name;municipality;latitude;longitude
hafen;"Hafen
am Ostufer";laboe;54,41;10,22

Hafen 2;;laboe;541;zehn
hafen;Hafen;laboe;54,41;10,22
kurz;Kurz
`;
    expect(faultsOf('sites', text)).toEqual([
      '5 id: use lower-case letters and digits, hyphens between them, 1 to 80 characters',
      '5 name: a value is missing',
      '5 longitude: Invalid input: expected number, received string',
      '5 latitude: Too big: expected number to be <=90',
      '6 id: the site "hafen" is already in line 2',
      '7 : 2 values, but 5 columns',
    ]);
    expect(faultsOf('sites', 'id,name,municipality,latitude,longitude\na,A,kiel,54,10', false)).toEqual([
      '2 municipality: there is no municipality "kiel"',
    ]);
  });

  it('names missing, unknown and double columns', () => {
    expect(faultsOf('sites', 'id,name,name,lat\n')).toEqual([
      '1 name: the column "name" stands twice',
      '1 lat: "lat" is no column of sites',
      '1 municipality: the column "municipality" is missing',
      '1 latitude: the column "latitude" is missing',
      '1 longitude: the column "longitude" is missing',
    ]);
    expect(faultsOf('sites', '')).toEqual(['1 : the file is empty']);
    expect(faultsOf('sites', 'id,name\n"a,b\n')[0]).toMatch(/Quote/);
  });
});

describe('a CSV file of devices', () => {
  it('becomes devices and, where a thing is named, deployments', () => {
    const text = `devEui;profile;name;parameter.depthMm;thing;from;mounting.emptyDistanceMm
24-E1-24-71-0B-00-00-01;milesight/em400-tld;Glas 1;1500;glas-1;2026-03-02T07:15:31Z;1650,5
24e124710b000002;milesight/em400-tld;;;;;
`;
    const entities = parseRegionCsv('devices', text, { registered });
    expect(entities.map(({ kind, put }) => `${kind} ${put.id}`)).toEqual([
      'device 24e124710b000001',
      'deployment glas-1-24e124710b000001-2026-03-02',
      'device 24e124710b000002',
    ]);
    expect(entities[0]?.put).toMatchObject({ name: 'Glas 1', parameters: { depthMm: 1500 } });
    expect(entities[1]?.put).toMatchObject({ thing: 'glas-1', parameters: { emptyDistanceMm: 1650.5 } });
  });

  it('keeps serial numbers as they are written, and takes things of any length', () => {
    const thing = 'a'.repeat(80);
    const text = `devEui,profile,thing,from,parameter.serial,parameter.licence,mounting.heightM
24e124710b000001,milesight/em400-tld,${thing},2026-03-02T07:15:31Z,00123,12345678901234567890,0.5
`;
    const [device, deployment] = parseRegionCsv('devices', text, { registered });
    expect(device?.put).toMatchObject({ parameters: { serial: '00123', licence: '12345678901234567890' } });
    expect(deployment?.put).toMatchObject({ thing, parameters: { heightM: 0.5 } });
  });

  it('is refused with lines', () => {
    expect(faultsOf('devices', 'devEui,profile,thing,from\n123,x,glas-1,\n').map((text) => text.split(':')[0])).toEqual(
      ['2 devEui', '2 profile', '2 from'],
    );
  });

  it('answers entries or HUB_CSV_INVALID, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('devEui,profile;\n\r"1aF')) }), (text) => {
        for (const fault of faultsOf('devices', text)) expect(fault).toMatch(/^\d+ /);
      }),
    );
  });
});
