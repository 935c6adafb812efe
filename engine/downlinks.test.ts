import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Catalogue, createCatalogue, loadCatalogue } from '../devices/catalogue.ts';
import type { DownlinkRequest } from '../model/downlink.ts';
import { type EmbeddedStores, openStores } from '../store/embedded/stores.ts';
import type { Entry } from '../store/journal.ts';
import { RegistryIndex } from '../store/registry-index.ts';
import { DownlinkSender } from './downlink-sender.ts';
import { createDownlinkCommands } from './downlinks.ts';

const DEVICE = '24e124710b000001';
const NOW = Date.UTC(2026, 2, 2, 12);
const all = await loadCatalogue();
const mbx = all.get('decentlab/dl-mbx');
if (!mbx) throw new Error('not found');
const catalogue: Catalogue = createCatalogue([mbx]);

const newest = (changes: Partial<Entry> = {}): Entry => ({
  position: 1,
  network: 'north',
  topic: `application/7/device/${DEVICE}/event/up`,
  body: new Uint8Array(),
  arrivedAt: NOW,
  kind: 'uplink',
  corrupt: false,
  ...changes,
});

describe('downlinks', () => {
  let folder: string;
  let stores: EmbeddedStores;
  let commands: ReturnType<typeof createDownlinkCommands>;
  let sender: DownlinkSender;
  let published: { network: string; topic: string; body: unknown }[];
  let receivers: number;
  let entry: Entry | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plietsch-downlinks-'));
    stores = openStores({ file: join(folder, 'hub.db'), timeZone: 'Europe/Berlin' });
    const registry = new RegistryIndex();
    registry.apply([
      { kind: 'device', put: { id: DEVICE, profile: 'decentlab/dl-mbx', parameters: {}, simulated: false } },
    ]);
    published = [];
    receivers = 1;
    entry = newest();
    commands = createDownlinkCommands({
      downlinks: stores.downlinks,
      registry,
      catalogue,
      networks: [
        { id: 'north', kind: 'chirpstack-v4' },
        { id: 'things', kind: 'the-things-stack-v3' },
        { id: 'odd', kind: 'loriot' },
      ],
      newest: async () => entry,
      clock: () => NOW,
    });
    const methods = commands as unknown as Record<string, (...args: unknown[]) => Promise<never>>;
    sender = new DownlinkSender({
      write: async (method, ...args) => (methods[method] as (...args: unknown[]) => Promise<never>)(...args),
      publish: async (network, topic, body) => {
        published.push({ network, topic, body: JSON.parse(Buffer.from(body).toString()) });
        return receivers;
      },
    });
  });

  afterEach(() => {
    stores.database.close();
    rmSync(folder, { recursive: true });
  });

  const request: DownlinkRequest = { data: { command: 'set period + save', parameter: 3600 }, confirmed: true };
  const order = (options = {}) => sender.order(DEVICE, request, { by: 'anna', dryRun: false, ...options });

  it('are written down, handed over as ChirpStack reads them, and say who gave the order', async () => {
    const { order: sent } = await order();
    expect(sent).toMatchObject({ device: DEVICE, network: 'north', fPort: 1, hex: '00020e1048a4', state: 'sent' });
    expect(sent.history).toMatchObject([
      { state: 'queued', by: 'anna', at: NOW },
      { state: 'sent', by: 'hub' },
    ]);
    expect(published).toEqual([
      {
        network: 'north',
        topic: `application/7/device/${DEVICE}/command/down`,
        body: { id: sent.id, devEui: DEVICE, confirmed: true, fPort: 1, data: 'AAIOEEik' },
      },
    ]);
    expect(await sender.list({ limit: 5 })).toEqual([sent]);
  });

  it('go to The Things Stack with their id as correlation id', async () => {
    entry = newest({ network: 'things', topic: 'v3/app@ttn/devices/bin-1/up' });
    const { order: sent } = await order();
    expect(published).toMatchObject([
      {
        topic: 'v3/app@ttn/devices/bin-1/down/push',
        body: { downlinks: [{ f_port: 1, frm_payload: 'AAIOEEik', confirmed: true, correlation_ids: [sent.id] }] },
      },
    ]);
  });

  it('can be tried without being written down or sent', async () => {
    const { order: tried, message } = await order({ dryRun: true });
    expect(tried.state).toBe('queued');
    expect(message.topic).toMatch(/command\/down$/);
    expect([published, await sender.list({ limit: 5 })]).toEqual([[], []]);
  });

  it('fail in words where nobody listens, and stay in the list', async () => {
    receivers = 0;
    const { order: failed } = await order();
    expect(failed.state).toBe('failed');
    expect(failed.history.at(-1)?.detail).toMatch(/HUB_DOWNLINK_NO_WAY: No client of network north reads/);
    expect((await sender.get(failed.id))?.state).toBe('failed');
  });

  it('that were written down and not sent go out after a restart', async () => {
    const { order: waiting } = await commands.orderDownlink(DEVICE, request, { by: 'anna', dryRun: false });
    expect(await sender.resume()).toBe(1);
    expect((await sender.get(waiting.id))?.state).toBe('sent');
    expect(await sender.resume()).toBe(0);
  });

  it('never go back to an earlier state', async () => {
    const { order: sent } = await order();
    const step = { by: 'north', detail: 'answered' } as const;
    expect((await commands.settleDownlink(sent.id, { ...step, state: 'acknowledged' })).state).toBe('acknowledged');
    expect((await commands.settleDownlink(sent.id, { ...step, state: 'sent' })).history).toHaveLength(3);
  });

  it.each([
    [
      'a device never heard of',
      () => {
        entry = undefined;
      },
      'HUB_DOWNLINK_NO_WAY',
    ],
    [
      'a device heard by webhook',
      () => {
        const { topic: _, ...rest } = newest();
        entry = rest;
      },
      'HUB_DOWNLINK_NO_WAY',
    ],
    [
      'a network server without a way',
      () => {
        entry = newest({ network: 'odd' });
      },
      'HUB_DOWNLINK_NO_WAY',
    ],
    [
      'a network that is gone',
      () => {
        entry = newest({ network: 'gone' });
      },
      'HUB_NETWORK_UNKNOWN',
    ],
  ] as const)('are refused for %s', async (_, prepare, code) => {
    prepare();
    await expect(order()).rejects.toMatchObject({ code });
    expect(await sender.list({ limit: 5 })).toEqual([]);
  });

  it('are refused where the model does not know them, and can be given as bytes', async () => {
    const wrong: DownlinkRequest = { data: { command: 'make coffee' }, confirmed: false };
    await expect(sender.order(DEVICE, wrong, { by: 'anna', dryRun: false })).rejects.toMatchObject({
      code: 'HUB_CODEC_PAYLOAD',
    });
    const bytes: DownlinkRequest = { fPort: 9, hex: 'AB', confirmed: false };
    expect((await sender.order(DEVICE, bytes, { by: 'anna', dryRun: false })).order).toMatchObject({
      fPort: 9,
      hex: 'ab',
    });
  });
});
