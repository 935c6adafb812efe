import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { failureText } from './cli/failure-text.ts';
import { loadConfig, printConfig } from './config.ts';
import { asHubError, HubError } from './model/errors.ts';
import { newFolder } from './test/support/hub-process.ts';

const fileWith = (text: string): string => {
  const file = join(newFolder('config'), 'plietsch.yaml');
  writeFileSync(file, text);
  return file;
};

const faultsOf = (load: () => unknown): string[] => {
  try {
    load();
  } catch (thrown) {
    if (thrown instanceof HubError) return thrown.faults.map(({ path }) => path);
  }
  return [];
};

/** What people read when it does not load. */
const textOf = (load: () => unknown): string => {
  try {
    load();
    return 'it loads';
  } catch (thrown) {
    return failureText(asHubError(thrown));
  }
};

describe('configuration', () => {
  it('has a default for everything', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({ data: './data', demo: false, timeZone: 'Europe/Berlin', networks: [] });
    expect([config.http.port, config.mqtt.port, config.mqtt.host]).toEqual([8080, 1883, '127.0.0.1']);
  });

  it('lets variables win over the file', () => {
    const PLIETSCH_CONFIG = fileWith('http: { port: 81 }\nlog: { level: debug }\n');
    const config = loadConfig({
      PLIETSCH_CONFIG,
      PLIETSCH_HTTP_PORT: '0',
      PLIETSCH_DEMO: 'on',
      PLIETSCH_INGEST_MAX_BODY_BYTES: '5000',
    });
    expect(config).toMatchObject({
      demo: true,
      http: { port: 0 },
      log: { level: 'debug' },
      ingest: { maxBodyBytes: 5000 },
    });
    expect(loadConfig({ PLIETSCH_JOURNAL_KEEP_DAYS: '30' }).journal.keepDays).toBe(30);
  });

  it('names every fault at once, with path and hint', () => {
    const PLIETSCH_CONFIG = fileWith(
      'http: { port: 99999 }\nnetworks: [{ id: a, kind: sigfox }]\nsubscribers: []\nhtp: 1\n',
    );
    const load = () =>
      loadConfig({
        PLIETSCH_CONFIG,
        PLIETSCH_DEMO: 'perhaps',
        PLIETSCH_HTP_PORT: '1',
        PLIETSCH_TIME_ZONE: 'Mars/North',
      });
    expect(faultsOf(load).sort()).toEqual([
      '(file)',
      'PLIETSCH_HTP_PORT',
      'demo',
      'http.port',
      'networks.0.kind',
      'timeZone',
    ]);
    expect(textOf(load)).toContain('(set it in the file or as PLIETSCH_HTTP_PORT)');
  });

  it('refuses what refers to nothing', () => {
    const subscribers = '{ network: b, url: "mqtt://localhost", clientId: hub }';
    const PLIETSCH_CONFIG = fileWith(
      `networks: [{ id: a, kind: chirpstack-v4 }, { id: a, kind: chirpstack-v4 }]\nsubscribers: [${subscribers}]\n`,
    );
    expect(faultsOf(() => loadConfig({ PLIETSCH_CONFIG }))).toEqual(['networks.1.id', 'subscribers.0.network']);
    expect(faultsOf(() => loadConfig({ PLIETSCH_CONFIG: '/nowhere.yaml' }))).toEqual(['PLIETSCH_CONFIG']);
    expect(faultsOf(() => loadConfig({ PLIETSCH_CONFIG: '/' }))).toEqual(['/']);
    expect(faultsOf(() => loadConfig({ PLIETSCH_CONFIG: fileWith('a: [') }))).toHaveLength(1);
    expect(faultsOf(() => loadConfig({ PLIETSCH_CONFIG: fileWith('- a') }))).toHaveLength(1);
  });

  it('knows no setting by a wrong name, however deep, and no client name twice at one broker', () => {
    const api = fileWith('api: { maxRow: 5, sse: { heartbeat: 5 }, trustProxy: [proxy] }\n');
    expect(faultsOf(() => loadConfig({ PLIETSCH_CONFIG: api })).sort()).toEqual(['api', 'api.sse', 'api.trustProxy.0']);
    const twice = '{ network: a, url: "mqtt://localhost", clientId: hub }';
    const PLIETSCH_CONFIG = fileWith(`networks: [{ id: a, kind: chirpstack-v4 }]\nsubscribers: [${twice}, ${twice}]\n`);
    expect(faultsOf(() => loadConfig({ PLIETSCH_CONFIG }))).toEqual(['subscribers.1.clientId']);
  });

  it('lets anyone write by SensorThings only where nobody else can reach', () => {
    const open = { PLIETSCH_API_SENSOR_THINGS_WRITE: 'anyone' };
    for (const host of ['127.0.0.1', 'localhost', '::1']) {
      expect(loadConfig({ ...open, PLIETSCH_HTTP_HOST: host }).api.sensorThings.write).toBe('anyone');
    }
    for (const host of ['0.0.0.0', '::', '192.0.2.1', '127.0.0.1.example.org']) {
      expect(faultsOf(() => loadConfig({ ...open, PLIETSCH_HTTP_HOST: host }))).toEqual(['api.sensorThings.write']);
    }
  });

  it('reads lists from variables, empty ones too', () => {
    const { api } = loadConfig({
      PLIETSCH_API_TRUST_PROXY: '',
      PLIETSCH_API_CORS_ORIGINS: 'https://a.de, https://b.de',
    });
    expect([api.trustProxy, api.corsOrigins]).toEqual([[], ['https://a.de', 'https://b.de']]);
  });

  it('prints a commented file that reads back the same, secrets hidden', () => {
    const secret = 'correct-horse-battery';
    const PLIETSCH_CONFIG = fileWith(
      [
        `networks: [{ id: a, kind: chirpstack-v4, mqtt: { user: ns, password: ${secret} } }]`,
        `subscribers: [{ network: a, url: "mqtt://hub:${secret}@localhost:1883", clientId: hub }]`,
      ].join('\n'),
    );
    const text = printConfig(loadConfig({ PLIETSCH_CONFIG }));
    expect(text).toContain('# PLIETSCH_HTTP_PORT');
    expect(text).not.toContain(secret);
    expect(text).toContain('password: (hidden)');
    expect(text).toContain('mqtt://(hidden)@localhost:1883');
    const config = loadConfig({});
    expect(loadConfig({ PLIETSCH_CONFIG: fileWith(printConfig(config)) })).toEqual(config);
    expect(parse(text)).toHaveProperty('ingest.maxWaiting', 10_000);
  });
});
