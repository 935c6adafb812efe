import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Ran, type StackRoom, stackRoomMissing, startStackRoom } from '../test/services/stack-room.ts';
import { readComposeFile } from '../test/support/compose-file.ts';

/** What the stand-in of `docker` hands over. */
interface DockerCall {
  readonly service: string;
  readonly command: string[];
  readonly input: string;
}

const influxd = inject('influxd');
const missing =
  stackRoomMissing || (influxd.kind === 'program' ? '' : ' (SKIPPED: needs influxd as a program, not in a container)');
const { services } = readComposeFile();

describe.skipIf(missing !== '')(`the stack of docker-compose.yml, its programs started natively${missing}`, () => {
  let room: StackRoom;
  let docker: Server;
  let hub: ChildProcess;
  let influx: ChildProcess;

  /** The service's own health check, where its program is on this machine. */
  const isHealthy = async (name: string): Promise<boolean> => {
    const test = (services[name]?.healthcheck?.test.slice(1) ?? []).map((part) => part.replaceAll('$$', '$'));
    return (await room.run(name, test)).status === 0;
  };
  const start = async (name: string, isUp: () => Promise<boolean> = () => isHealthy(name)): Promise<ChildProcess> => {
    const child = room.start(name);
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece) => (log += String(piece)));
    for (let i = 0; i < 100; i++) {
      if (await isUp()) return child;
      if (child.exitCode !== null) break;
    }
    throw new Error(`${name} is not healthy:\n${log}`);
  };
  const fetchText = (service: string, url: string): Promise<Ran> =>
    room.run(service, [
      'node',
      '-e',
      `fetch('${url}').then(async (r) => { console.log(await r.text()); process.exitCode = r.ok ? 0 : 1; }, () => { process.exitCode = 2; })`,
    ]);
  // `influx`, which the health check calls, comes with the image only: ask what it asks.
  const startInflux = () =>
    start('influxdb', async () => (await fetchText('hub', 'http://influxdb:8086/ping')).status === 0);
  const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };

  beforeAll(async () => {
    room = await startStackRoom({ programs: { influxd: influxd.kind === 'program' ? influxd.path : '' } });
    expect(await room.run('prepare')).toMatchObject({ status: 0, errors: '' });
    influx = await startInflux();
    expect(await room.run('influxdb-init')).toMatchObject({ status: 0 });
    await start('mosquitto');
    hub = await start('hub');
  }, 120_000);
  afterAll(async () => {
    docker?.close();
    await room?.stop();
  });

  it('hands the tokens to the hub and to Grafana, to each its own', () => {
    for (const [name, owner] of [
      ['hub', 1000],
      ['grafana', 472],
    ] as const) {
      const { uid, mode } = statSync(join(room.volume('tokens'), name));
      expect({ name, uid, mode: mode & 0o777 }).toEqual({ name, uid: owner, mode: 0o600 });
    }
  });

  it('is set up a second time without a change', async () => {
    const before = statSync(join(room.volume('tokens'), 'hub')).mtimeMs;
    expect(await room.run('prepare')).toMatchObject({ status: 0, errors: '' });
    expect(await room.run('influxdb-init')).toMatchObject({ status: 0 });
    expect(statSync(join(room.volume('tokens'), 'hub')).mtimeMs).toBe(before);
    expect(await isHealthy('hub')).toBe(true);
  });

  it('is ready in every part', async () => {
    const { output } = await fetchText('hub', 'http://127.0.0.1:8080/ready');
    const { parts } = JSON.parse(output) as { parts: { part: string; ready: boolean }[] };
    expect(parts.filter(({ ready }) => !ready)).toEqual([]);
    expect(parts.map(({ part }) => part)).toContain('subscriber-kreis');
  });

  it('carries an uplink into Grafana, as scripts/smoke.sh follows it', async () => {
    room.startWith('grafana', ['node', '/app/test/services/grafana-stand-in.ts']);
    const answer = async (request: IncomingMessage): Promise<Ran> => {
      const { service, command, input } = JSON.parse(await text(request)) as DockerCall;
      return room.run(service, command, input);
    };
    docker = createServer((request, response) => {
      void answer(request).then((ran) => response.end(JSON.stringify(ran)));
    }).listen(0, '127.0.0.1');
    await once(docker, 'listening');
    const address = `http://127.0.0.1:${(docker.address() as AddressInfo).port}`;
    const standIn = fileURLToPath(new URL('../test/services/docker-stand-in.ts', import.meta.url));
    const bin = join(room.folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'docker'), `#!/bin/sh\nexec "${process.execPath}" "${standIn}" ${address} "$@"\n`);
    chmodSync(join(bin, 'docker'), 0o755);
    cpSync(fileURLToPath(new URL('../scripts/smoke.sh', import.meta.url)), join(room.folder, 'scripts/smoke.sh'));

    const smoke = spawn('sh', [join(room.folder, 'scripts/smoke.sh')], {
      env: { PATH: `${bin}:${process.env.PATH}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [output, errors] = await Promise.all([text(smoke.stdout), text(smoke.stderr)]);
    expect(`${output}${errors}`).toMatch(/^Grafana shows it \.\.\. ok$/m);
    expect(errors).toBe('');
  });

  it('is backed up while it runs, and the newest sets are kept', async () => {
    // Grafana's own program is not here: a database of its kind in its place.
    const makeDatabase = `const { DatabaseSync } = require('node:sqlite');
      const database = new DatabaseSync('/var/lib/grafana/grafana.db');
      database.exec('create table dashboard (title text); insert into dashboard values (1)');`;
    expect(await room.run('grafana', ['node', '-e', makeDatabase])).toMatchObject({ status: 0 });
    for (const old of ['files-20260101T000000Z', 'files-20260102T000000Z'])
      mkdirSync(join(room.volume('backups'), old));
    const { entrypoint = [] } = services.backup ?? {};
    const once = ['sh', '-c', `BACKUP_KEEP=2 exec ${[entrypoint, 'once'].flat().join(' ')}`];
    expect(await room.run('backup', once)).toMatchObject({ status: 0, errors: '' });

    const sets = readdirSync(room.volume('backups')).sort();
    expect(sets).toEqual(['files-20260102T000000Z', expect.stringMatching(/^files-2\d{7}T\d{6}Z$/)]);
    expect(readdirSync(join(room.volume('backups'), sets.at(-1) ?? '')).sort()).toEqual([
      'grafana.db',
      'hub.db',
      'mosquitto.db',
    ]);
    const check = services.backup?.healthcheck?.test.slice(1) ?? [];
    expect(await room.run('backup', check)).toMatchObject({ status: 0 });
  });

  it('comes back from its backup with everything that was acknowledged, and is ready', async () => {
    const devices = () => room.run('hub', ['plietsch', 'devices', 'list', '--json']);
    const before = await devices();
    await end(hub, 'SIGTERM');
    // The disk is lost.
    rmSync(room.volume('hub-data'), { recursive: true });
    expect(await room.run('prepare')).toMatchObject({ status: 0, errors: '' });
    const set = readdirSync(room.volume('backups')).sort().at(-1) ?? '';
    expect(await room.run('hub', ['plietsch', 'restore', `/backups/${set}/hub.db`])).toMatchObject({
      status: 0,
      errors: '',
    });
    hub = await start('hub');
    expect(before.output).toContain('24e124ff0000500e');
    expect(JSON.parse((await devices()).output)).toEqual(JSON.parse(before.output));
  });

  it('fills an InfluxDB that was lost anew from the journal', async () => {
    const count = async (): Promise<string> => {
      const query = `const { readFileSync } = require('node:fs');
        fetch('http://influxdb:8086/query?db=plietsch&q=' + encodeURIComponent('SELECT count("value") FROM "battery_level"'), {
          headers: { authorization: 'Token ' + readFileSync('/run/tokens/grafana', 'utf8').trim() },
        }).then(async (r) => console.log(JSON.stringify((await r.json()).results[0].series?.[0].values[0][1] ?? 0)))`;
      return (await room.run('grafana', ['node', '-e', query])).output.trim();
    };
    expect(await count()).toBe('1');
    await end(influx, 'SIGKILL');
    await end(hub, 'SIGTERM');
    for (const name of ['influxdb-data', 'tokens']) rmSync(room.volume(name), { recursive: true });
    expect(await room.run('prepare')).toMatchObject({ status: 0, errors: '' });
    influx = await startInflux();
    expect(await room.run('influxdb-init')).toMatchObject({ status: 0 });
    hub = await start('hub');
    expect(await count()).toBe('0');
    expect(await room.run('hub', ['plietsch', 'store', 'rebuild'])).toMatchObject({ status: 0 });
    expect(await count()).toBe('1');
  });
});
