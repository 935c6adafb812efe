import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTestApi, fillRegion, LOCAL_CREDENTIAL, type TestApi } from '../api/testing.ts';
import { writeRunFile } from '../engine/run-file.ts';
import { newFolder } from '../test/support/hub-process.ts';
import { expectOk, withHub } from './with-hub.ts';

let api: TestApi;
let folder = '';
beforeEach(async () => {
  api = await createTestApi();
  await fillRegion(api);
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  folder = newFolder('with-hub');
  vi.stubEnv('PLIETSCH_DATA', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await api.app.close();
});

const devicesBy = async (credential: string): Promise<unknown[]> => {
  const { port } = api.app.server.address() as AddressInfo;
  const httpUrl = `http://127.0.0.1:${port}`;
  writeRunFile(folder, { pid: process.pid, httpUrl, httpPort: port, mqttPort: null, credential });
  const body = await withHub(async (call) => expectOk(await call('GET', '/api/v1/devices')));
  return (body as { items: unknown[] }).items;
};

it('calls the hub that runs on the folder', async () => {
  expect(await devicesBy(LOCAL_CREDENTIAL)).toHaveLength(1);
});

it('opens the folder itself where another hub took the port of one that was killed', async () => {
  expect(await devicesBy('credential-of-the-killed-hub')).toEqual([]);
});
