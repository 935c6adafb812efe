import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { INFLUXDB_IMAGE } from '../test/services/find-influxd.ts';
import { type ComposeService, composeText, interpolate, readComposeFile } from '../test/support/compose-file.ts';
import { services as prepared } from './prepare/prepare.ts';

const root = new URL('../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const compose = readComposeFile();
const services = Object.entries(compose.services);
const variables = { STACK_DIR: './stack' };

const isStep = ({ restart }: ComposeService): boolean => restart === 'no';
const named = (entries: readonly (readonly [string, ComposeService])[]): string[] =>
  entries.map(([name]) => name).sort();
const wrong = (isRight: (service: ComposeService, name: string) => boolean): string[] =>
  named(services.filter(([name, service]) => !isRight(service, name)));

describe('docker-compose.yml', () => {
  it('has the services that it promises, in their profiles', () => {
    const inProfile = (profile?: string) => named(services.filter(([, { profiles }]) => profiles?.[0] === profile));
    expect(inProfile()).toEqual(['grafana', 'hub', 'influxdb', 'influxdb-init', 'mosquitto', 'prepare']);
    expect(inProfile('backup')).toEqual(['backup', 'backup-influxdb']);
    expect(inProfile('chirpstack')).toEqual([
      'chirpstack',
      'gateway-bridge',
      'postgres',
      'prepare-chirpstack',
      'redis',
    ]);
  });

  it('pins every image by its whole version', () => {
    expect(wrong(({ image }) => /^[a-z0-9/-]+:\d+\.\d+(\.\d+)?(-[a-z][a-z0-9.]*)?$/.test(image))).toEqual([]);
    expect(compose.services.hub?.image).toBe(
      `plietsch/hub:${(JSON.parse(read('package.json')) as { version: string }).version}`,
    );
    expect(compose.services.influxdb?.image).toBe(INFLUXDB_IMAGE);
    expect(compose.services['backup-influxdb']?.image).toBe(INFLUXDB_IMAGE);
  });

  it('gives every service the least it can run with', () => {
    expect(wrong(({ read_only: readOnly }) => readOnly === true)).toEqual([]);
    expect(wrong(({ cap_drop: drop }) => drop?.join() === 'ALL')).toEqual([]);
    expect(wrong(({ security_opt: options }) => options?.includes('no-new-privileges:true') === true)).toEqual([]);
    expect(wrong(({ privileged }) => privileged === undefined)).toEqual([]);
    expect(wrong(({ init }) => init === true)).toEqual([]);
  });

  it('lets only steps without published ports be root, and gives rights to nobody else', () => {
    const isRoot = ({ user }: ComposeService) => user.startsWith('0:');
    expect(wrong(({ user }) => /^\d+:\d+$/.test(user))).toEqual([]);
    expect(named(services.filter(([, service]) => isRoot(service)))).toEqual([
      'backup',
      'influxdb-init',
      'prepare',
      'prepare-chirpstack',
    ]);
    expect(wrong((service) => isRoot(service) || service.cap_add === undefined)).toEqual([]);
    expect(wrong((service) => !isRoot(service) || (service.ports ?? []).length === 0)).toEqual([]);
    const rights = services.flatMap(([, service]) => service.cap_add ?? []);
    expect([...new Set(rights)].sort()).toEqual(['CHOWN', 'DAC_OVERRIDE']);
  });

  it('runs each service as the user for whom its files are prepared', () => {
    for (const [name, { owner }] of Object.entries(prepared)) {
      if (name !== 'backups') expect([name, compose.services[name]?.user]).toEqual([name, `${owner.uid}:${owner.gid}`]);
    }
    const mounted = ({ volumes = [] }: ComposeService): string[] =>
      volumes.flatMap((volume) => /^([a-z-]+):\/volumes\//.exec(volume)?.[1] ?? []).sort();
    for (const step of ['prepare', 'prepare-chirpstack']) {
      const service = compose.services[step] as ComposeService;
      const wanted = (service.command as readonly string[]).flatMap((name) => {
        const { data = [], config } = prepared[name] ?? {};
        return [...data, ...(config === undefined ? [] : [config])];
      });
      expect(mounted(service)).toEqual(wanted.sort());
    }
  });

  it('bounds memory, processors, processes and logs', () => {
    const bounded = ({ deploy }: ComposeService) => {
      const { cpus, memory, pids } = deploy?.resources.limits ?? {};
      return Number(cpus) > 0 && /^\d+[MG]$/.test(String(memory)) && Number(pids) > 0;
    };
    expect(wrong(bounded)).toEqual([]);
    const rotated = ({ logging }: ComposeService) =>
      logging?.driver === 'json-file' &&
      /^\d+m$/.test(logging.options['max-size'] ?? '') &&
      Number(logging.options['max-file']) > 1;
    expect(wrong(rotated)).toEqual([]);
  });

  it('asks every service that stays whether it works, and awaits every step', () => {
    expect(wrong((service) => isStep(service) || service.healthcheck?.test[0] === 'CMD')).toEqual([]);
    // `up --wait` takes a step's end for a failure, unless another service waits for it.
    const awaited = new Set(
      services.flatMap(([, { depends_on: on = {} }]) =>
        Object.entries(on).flatMap(([name, { condition }]) =>
          condition === 'service_completed_successfully' ? [name] : [],
        ),
      ),
    );
    expect([...awaited].sort()).toEqual(named(services.filter(([, service]) => isStep(service))));
    const conditions = services.flatMap(([, { depends_on: on = {} }]) =>
      Object.values(on).map(({ condition }) => condition),
    );
    expect(conditions).not.toContain('service_started');
  });

  it('publishes on loopback unless .env says otherwise, and InfluxDB and the databases not at all', () => {
    for (const [name, { ports = [] }] of services) {
      for (const port of ports)
        expect([name, port]).toEqual([
          name,
          expect.stringMatching(/^\$\{[A-Z]+_BIND:-127\.0\.0\.1\}:\$\{[A-Z]+_PORT:-\d+\}:\d+(\/udp)?$/),
        ]);
    }
    expect(named(services.filter(([, { ports = [] }]) => ports.length > 0))).toEqual([
      'chirpstack',
      'gateway-bridge',
      'grafana',
      'hub',
      'mosquitto',
    ]);
    const internal = Object.entries(compose.networks).flatMap(([name, network]) =>
      network?.internal === true ? [name] : [],
    );
    for (const name of ['influxdb', 'postgres', 'redis', 'backup-influxdb']) {
      expect(compose.services[name]?.networks?.every((network) => internal.includes(network))).toBe(true);
    }
    expect(named(services.filter(([, { networks = [] }]) => networks.includes('store')))).toEqual([
      'backup-influxdb',
      'grafana',
      'hub',
      'influxdb',
      'influxdb-init',
    ]);
  });

  it('holds no secret, and no variable does', () => {
    const suspicious = /pass(word)?|secret|token|key/i;
    for (const [name, { environment = {} }] of services) {
      for (const [key, value] of Object.entries(environment)) {
        if (suspicious.test(key))
          expect([name, key, value]).toEqual([
            name,
            expect.stringMatching(/_FILE$/),
            expect.stringMatching(/^\/run\//),
          ]);
      }
    }
    expect(read('.env.example')).not.toMatch(/^\w*(PASS|SECRET|TOKEN|KEY)\w*=/m);
  });

  it('refuses to start before the secrets were made', () => {
    expect(() => interpolate(composeText())).toThrow('run scripts/init-stack.sh first');
    expect(() => interpolate(composeText(), variables)).not.toThrow();
  });

  it('uses the variables that .env.example explains, with the same defaults', () => {
    const used = new Map(
      [...composeText().matchAll(/\$\{(\w+)(?::-([^}]*))?/g)].map(([, name = '', value = '']) => [name, value]),
    );
    const explained = new Map(
      read('.env.example')
        .split('\n')
        .flatMap((line) => {
          const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
          return name === undefined ? [] : [[name, value ?? ''] as const];
        }),
    );
    expect(Object.fromEntries(used)).toEqual(Object.fromEntries(explained));
  });

  it('mounts files that are there, and volumes that it names', () => {
    const used = new Set<string>();
    for (const [name, { volumes = [] }] of services) {
      for (const volume of volumes) {
        const [from = '', to = ''] = interpolate(volume, variables).split(':');
        if (from === './stack') continue;
        if (!from.startsWith('.')) used.add(from);
        else expect([name, from, existsSync(fileURLToPath(new URL(from, root)))]).toEqual([name, from, true]);
        expect(to.startsWith('/')).toBe(true);
      }
    }
    expect([...used].sort()).toEqual(Object.keys(compose.volumes).sort());
  });
});

describe("Grafana's data sources", () => {
  const { apiVersion, datasources } = parse(read('deploy/grafana/datasources/plietsch.yaml')) as {
    apiVersion: number;
    datasources: Record<string, unknown>[];
  };

  it('read InfluxDB by InfluxQL with a token from a file', () => {
    expect(apiVersion).toBe(1);
    expect(datasources).toHaveLength(1);
    expect(datasources[0]).toMatchObject({
      uid: 'plietsch-influxdb',
      type: 'influxdb',
      access: 'proxy',
      url: 'http://influxdb:8086',
      isDefault: true,
      editable: false,
      jsonData: {
        version: 'InfluxQL',
        dbName: expect.stringMatching(/^\$\{INFLUXDB_BUCKET\}$/),
        httpHeaderName1: 'Authorization',
      },
      secureJsonData: { httpHeaderValue1: expect.stringMatching(/^Token \$__file\{\/run\/tokens\/grafana\}$/) },
    });
    const { environment = {}, volumes = [] } = compose.services.grafana ?? {};
    expect(environment).toHaveProperty('INFLUXDB_BUCKET');
    expect(volumes).toContain('tokens:/run/tokens:ro');
  });
});
