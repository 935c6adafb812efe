import { pbkdf2Sync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { newFolder } from '../../test/support/hub-process.ts';
import { passwordLine } from './mosquitto-password.ts';
import { type Sources, services } from './prepare.ts';

let sources: Sources;
const write = (path: string, text: string): void => {
  const file = join(sources.stack, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};
beforeEach(() => {
  sources = {
    stack: newFolder('prepare'),
    deploy: resolve(import.meta.dirname, '..'),
    random: (bytes) => Buffer.alloc(bytes, 7),
  };
  write('secrets/mosquitto/hub', 'secret-of-hub\n');
  write('secrets/mosquitto/monitor', 'secret-of-monitor');
  write('mosquitto.acl', 'user hub\n');
});

describe('what is laid into the volumes', () => {
  it("has the hub's settings with secrets in place, and leaves comments alone", () => {
    write('plietsch.yaml', '# @{unknown}\npassword: "@{mosquitto/hub}"\n');
    expect(services.hub?.files(sources)).toEqual({ 'plietsch.yaml': '# @{unknown}\npassword: "secret-of-hub"\n' });
  });

  it.each([
    ['a: "@{tts}"', /no secret .*secrets\/tts/],
    ['a: "@{empty}"', /empty is empty/],
    ['a: "@{../plietsch.yaml}"', /leads out/],
  ])('refuses %s', (text, message) => {
    write('plietsch.yaml', text);
    write('secrets/empty', '\n');
    expect(() => services.hub?.files(sources)).toThrow(message);
  });

  it('has every user of the broker, hashed, and the log-in of the health check', () => {
    const { passwords = '', mosquitto_sub: options } = services.mosquitto?.files(sources) ?? {};
    expect(passwords.split('\n').map((line) => line.split(':')[0])).toEqual(['hub', 'monitor', '']);
    expect(passwords).not.toContain('secret-of');
    expect(options).toBe('-u monitor\n-P secret-of-monitor\n');
  });

  it('has what the operator adds to the broker, and its folder where nothing is added', () => {
    expect(Object.keys(services.mosquitto?.files(sources) ?? {})).toContain('conf.d/none.conf');
    write('mosquitto.d/tls.conf', 'listener 8883\n');
    write('secrets/tls/privkey.pem', 'key');
    expect(services.mosquitto?.files(sources)).toMatchObject({
      'conf.d/tls.conf': 'listener 8883\n',
      'privkey.pem': 'key',
    });
  });

  it("fills ChirpStack's files", () => {
    for (const name of [
      'postgres-password',
      'chirpstack-api-secret',
      'mosquitto/chirpstack',
      'mosquitto/chirpstack-gateways',
      'mosquitto/gateway-bridge',
    ])
      write(`secrets/${name}`, `secret-of-${name}`);
    const files = { ...services.chirpstack?.files(sources), ...services['gateway-bridge']?.files(sources) };
    expect(Object.keys(files).sort()).toEqual(['chirpstack.toml', 'gateway-bridge.toml', 'region_eu868.toml']);
    expect(files['chirpstack.toml']).toContain('postgres://chirpstack:secret-of-postgres-password@postgres/chirpstack');
    for (const text of Object.values(files)) expect(text.replace(/^\s*#.*$/gm, '')).not.toContain('@{');
  });
});

describe('a line of the password file', () => {
  it('is what Mosquitto computes from the password', () => {
    const salt = Buffer.from('0123456789ab');
    const [user, hash = ''] = passwordLine('hub', 'secret', salt).trimEnd().split(':');
    const [, kind, iterations, storedSalt = '', key] = hash.split('$');
    expect([user, kind, Buffer.from(storedSalt, 'base64')]).toEqual(['hub', '7', salt]);
    expect(key).toBe(pbkdf2Sync('secret', salt, Number(iterations), 64, 'sha512').toString('base64'));
  });
});
