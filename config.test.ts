import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig, printConfig } from './config.ts';
import { HubError } from './model/errors.ts';

const fileWith = (text: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'plietsch-config-')), 'plietsch.yaml');
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
    expect(load).toThrow(/PLIETSCH_HTTP_PORT/);
  });

  it('refuses what refers to nothing', () => {
    const subscribers = '{ network: b, url: "mqtt://localhost", clientId: hub }';
    const PLIETSCH_CONFIG = fileWith(
      `networks: [{ id: a, kind: chirpstack-v4 }, { id: a, kind: chirpstack-v4 }]\nsubscribers: [${subscribers}]\n`,
    );
    expect(faultsOf(() => loadConfig({ PLIETSCH_CONFIG }))).toEqual(['networks.1.id', 'subscribers.0.network']);
    expect(faultsOf(() => loadConfig({ PLIETSCH_CONFIG: '/nowhere.yaml' }))).toEqual(['PLIETSCH_CONFIG']);
    expect(faultsOf(() => loadConfig({ PLIETSCH_CONFIG: fileWith('a: [') }))).toHaveLength(1);
    expect(faultsOf(() => loadConfig({ PLIETSCH_CONFIG: fileWith('- a') }))).toHaveLength(1);
  });

  it('prints a commented file that reads back the same, secrets hidden', () => {
    const secret = 'correct-horse-battery';
    const PLIETSCH_CONFIG = fileWith(
      `networks: [{ id: a, kind: chirpstack-v4, mqtt: { user: ns, password: ${secret} } }]\n`,
    );
    const text = printConfig(loadConfig({ PLIETSCH_CONFIG }));
    expect(text).toContain('# PLIETSCH_HTTP_PORT');
    expect(text).not.toContain(secret);
    expect(text).toContain('(hidden)');
    const config = loadConfig({});
    expect(loadConfig({ PLIETSCH_CONFIG: fileWith(printConfig(config)) })).toEqual(config);
    expect(parse(text)).toHaveProperty('ingest.maxWaiting', 10_000);
  });
});
