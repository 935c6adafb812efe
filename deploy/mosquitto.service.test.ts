import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StackRoom, stackRoomMissing, startStackRoom } from '../test/services/stack-room.ts';
import { readComposeFile } from '../test/support/compose-file.ts';

const EVENT = 'application/1/device/24e124710b000001/event/up';
const COMMAND = 'application/1/device/24e124710b000001/command/down';
const SMOKE = 'application/plietsch-smoke/device/24e124ff0000500e/event/up';
const GATEWAY_EVENT = 'eu868/gateway/24e124fffef00001/event/up';
const GATEWAY_STATE = 'eu868/gateway/24e124fffef00001/state/conn';
const GATEWAY_COMMAND = 'eu868/gateway/24e124fffef00001/command/down';

describe.skipIf(stackRoomMissing !== '')(`Mosquitto as docker-compose.yml runs it${stackRoomMissing}`, () => {
  let room: StackRoom;
  let mosquitto: ChildProcess;
  let log = '';

  const { healthcheck } = readComposeFile().services.mosquitto ?? {};
  const health = (healthcheck?.test.slice(1) ?? []).map((part) => part.replaceAll('$$', '$'));
  const isHealthy = async (): Promise<boolean> => (await room.run('mosquitto', health)).status === 0;
  const start = async (): Promise<void> => {
    mosquitto = room.start('mosquitto');
    mosquitto.stdout?.on('data', (text) => (log += String(text)));
    mosquitto.stderr?.on('data', (text) => (log += String(text)));
    for (let i = 0; i < 50; i++) {
      if (await isHealthy()) return;
      if (mosquitto.exitCode !== null) break;
    }
    throw new Error(`mosquitto is not healthy: ${log}`);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const exited = once(mosquitto, 'exit');
    mosquitto.kill(signal);
    await exited;
  };
  const passwordOf = (user: string): string => readFileSync(join(room.stack, 'secrets/mosquitto', user), 'utf8');
  /** A client of Mosquitto's own in the stack's network. */
  const client = (program: string, user: string, ...args: string[]) =>
    room.run('mosquitto', [program, '-h', 'mosquitto', '-u', user, '-P', passwordOf(user), '-q', '1', ...args]);

  beforeAll(async () => {
    room = await startStackRoom();
    const prepared = await room.run('prepare');
    expect(prepared).toMatchObject({ status: 0, errors: '' });
    await start();
  });
  afterAll(() => room?.stop());

  it('lets only the broker read its files', () => {
    for (const name of ['passwords', 'acl', 'mosquitto_sub']) {
      const { uid, gid, mode } = statSync(join(room.volume('mosquitto-config'), name));
      expect({ name, uid, gid, mode: mode & 0o777 }).toEqual({ name, uid: 1883, gid: 1883, mode: 0o400 });
    }
    const passwords = readFileSync(join(room.volume('mosquitto-config'), 'passwords'), 'utf8');
    expect(passwords).not.toContain(passwordOf('hub'));
  });

  it('takes the configuration without a warning', () => {
    expect(log).toMatch(/New client connected .* as monitor/);
    expect(log).not.toMatch(/warning|deprecated|unknown|error/i);
  });

  it('runs as its own user, without rights', () => {
    const status = readFileSync(`/proc/${mosquitto.pid}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\t1883\t1883\t1883\t1883$/m);
    expect(status).toMatch(/^CapEff:\t0+$/m);
    expect(status).toMatch(/^CapBnd:\t0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
  });

  it('gives each user its topics and no others', async () => {
    const topics = [EVENT, COMMAND, SMOKE, GATEWAY_EVENT, GATEWAY_STATE, GATEWAY_COMMAND, 'anything'];
    const { status, output, errors } = await room.run('prepare', [
      'node',
      '/app/test/services/topic-matrix.ts',
      '/stack/secrets/mosquitto',
      'hub chirpstack chirpstack-gateways gateway-bridge smoke monitor',
      topics.join(' '),
    ]);
    expect({ status, errors }).toMatchObject({ status: 0, errors: '' });
    expect(JSON.parse(output)).toEqual({
      chirpstack: { [EVENT]: ['hub'], [SMOKE]: ['hub'] },
      hub: { [COMMAND]: ['chirpstack'] },
      'chirpstack-gateways': { [GATEWAY_COMMAND]: ['gateway-bridge'] },
      'gateway-bridge': { [GATEWAY_EVENT]: ['chirpstack-gateways'], [GATEWAY_STATE]: ['chirpstack-gateways'] },
      smoke: { [SMOKE]: ['hub'] },
    });
  });

  it('refuses strangers, wrong passwords and clients without one', async () => {
    const attempt = (...args: string[]) =>
      room.run('mosquitto', ['mosquitto_pub', '-h', 'mosquitto', '-t', EVENT, '-m', 'x', ...args]);
    expect((await attempt('-u', 'hub', '-P', passwordOf('smoke'))).errors).toMatch(/not authori[sz]ed/i);
    expect((await attempt('-u', 'nobody', '-P', passwordOf('hub'))).errors).toMatch(/not authori[sz]ed/i);
    expect((await attempt()).errors).toMatch(/not authori[sz]ed/i);
  });

  it('keeps more than a thousand messages for the hub over a restart, and over a kill what was saved', async () => {
    // The hub's session: subscribed, then away. The client id it asks for is not the one it gets.
    await client('mosquitto_sub', 'hub', '-c', '-i', 'another', '-t', 'application/+/device/+/event/+', '-E');
    const messages = (from: number): string => Array.from({ length: 1500 }, (_, i) => `${from + i}\n`).join('');
    const publish = (from: number) =>
      room.run(
        'mosquitto',
        [
          'mosquitto_pub',
          '-h',
          'mosquitto',
          '-u',
          'chirpstack',
          '-P',
          passwordOf('chirpstack'),
          '-q',
          '1',
          '-t',
          EVENT,
          '-l',
        ],
        messages(from),
      );
    expect((await publish(0)).status).toBe(0);
    await end('SIGTERM');
    await start();
    expect((await publish(1500)).status).toBe(0);
    // Longer than autosave_interval.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await end('SIGKILL');
    await start();
    const { output } = await client(
      'mosquitto_sub',
      'hub',
      '-c',
      '-i',
      'a-third',
      '-t',
      'application/+/device/+/event/+',
      '-C',
      '3000',
      '-W',
      '20',
    );
    const got = output.trim().split('\n');
    expect(new Set(got).size).toBe(3000);
  });

  it('takes new users by a signal, without a restart', async () => {
    writeFileSync(join(room.stack, 'secrets/mosquitto/nord'), 'b'.repeat(48));
    const acl = join(room.stack, 'mosquitto.acl');
    writeFileSync(acl, `${readFileSync(acl, 'utf8')}\nuser nord\ntopic write application/+/device/+/event/+\n`);
    expect((await room.run('prepare')).status).toBe(0);
    mosquitto.kill('SIGHUP');
    await client('mosquitto_sub', 'hub', '-c', '-i', 'hub', '-t', 'application/+/device/+/event/+', '-E');
    const received = client(
      'mosquitto_sub',
      'hub',
      '-c',
      '-i',
      'hub',
      '-t',
      'application/+/device/+/event/+',
      '-C',
      '1',
      '-W',
      '10',
    );
    expect((await client('mosquitto_pub', 'nord', '-t', EVENT, '-m', 'from nord')).status).toBe(0);
    expect(await received).toEqual({ status: 0, output: 'from nord\n', errors: '' });
  });

  it('speaks TLS with the lines of the example', async () => {
    const tls = join(room.stack, 'secrets/tls');
    mkdirSync(tls);
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=mosquitto',
      ].concat(['-keyout', join(tls, 'privkey.pem'), '-out', join(tls, 'fullchain.pem')]),
      { stdio: 'pipe' },
    );
    mkdirSync(join(room.stack, 'mosquitto.d'));
    cpSync(new URL('mosquitto/tls.conf.example', import.meta.url), join(room.stack, 'mosquitto.d/tls.conf'));
    expect((await room.run('prepare')).status).toBe(0);
    await end('SIGTERM');
    await start();
    const sent = await room.run(
      'prepare',
      ['mosquitto_pub', '-h', 'mosquitto', '-p', '8883', '--cafile', '/stack/secrets/tls/fullchain.pem'].concat([
        '-u',
        'chirpstack',
        '-P',
        passwordOf('chirpstack'),
        '-q',
        '1',
        '-t',
        EVENT,
        '-m',
        'x',
      ]),
    );
    expect(sent).toMatchObject({ status: 0, errors: '' });
  });
});
