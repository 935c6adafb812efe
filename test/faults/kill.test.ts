import { describe, expect, it } from 'vitest';
import type { Books } from '../../store/journal.ts';
import { outcomes } from '../../store/journal.ts';
import { eventually, getJson, type HubProcess, newFolder, startHubProcess } from '../support/hub-process.ts';
import { Publisher } from '../support/publisher.ts';
import { registerSlots } from '../support/slots.ts';
import { auditJournal } from './ledger.ts';

const DEVICES = 20;
const ROUNDS = Number(process.env.PLIETSCH_TEST_ROUNDS ?? 10);
const MAX_START_MS = 3_000;

const booksOf = async (hub: HubProcess): Promise<Books[]> =>
  (await getJson<{ items: Books[] }>(hub.run, '/api/v1/books')).items;

describe('kill -9 under load', () => {
  it(`loses nothing and counts nothing twice in ${ROUNDS} rounds`, async () => {
    const folder = newFolder('kill');
    let hub = await startHubProcess({ folder });
    const mqttPort = hub.run.mqttPort as number;
    // The other half stays unknown.
    await registerSlots(hub, DEVICES / 2);
    const publisher = new Publisher({ port: mqttPort, devices: DEVICES, clientId: 'kill' });
    await publisher.connected();
    publisher.run(200);
    const starts: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 1000));
      await hub.kill('SIGKILL');
      hub = await startHubProcess({ folder, mqttPort });
      starts.push(Math.round(hub.startMs));
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    await publisher.stop();
    const books = await eventually(
      () => booksOf(hub),
      (days) => days.every((day) => day.pending === 0),
      60_000,
    );
    const sum = (column: keyof Books) => books.reduce((total, day) => total + Number(day[column]), 0);
    const settled = outcomes.reduce((total, outcome) => total + sum(outcome), 0);
    console.log(
      `acknowledged ${publisher.acknowledged.length}, duplicates ${sum('duplicates')}, starts ${starts.join(' ')} ms`,
    );
    expect(sum('received')).toBe(sum('duplicates') + settled);
    expect(sum('decoded')).toBeGreaterThan(0);
    expect(sum('unknownDevice')).toBeGreaterThan(0);
    expect(sum('decoded') + sum('unknownDevice') + sum('deadLetter')).toBe(publisher.sent);
    publisher.end();
    await hub.kill('SIGTERM');
    const ledger = auditJournal(folder, publisher.acknowledged);
    expect(ledger).toMatchObject({ lost: 0, twice: 0, integrity: 'ok', entries: publisher.sent });
    expect(Math.max(...starts)).toBeLessThan(MAX_START_MS);
  });
});
