import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { datastream, location, observedProperty, sensor } from '../api/sensorthings/sample-entities.ts';
import { startHubProcess } from './support/hub-process.ts';

/**
 * The OGC's executable test suite for SensorThings (ets-sta10) against a scratch hub on which anybody may write: all 22
 * tests of the levels 1 (reading), 2 (creating, changing, deleting) and 3 (filters). Needs a JDK 17, Maven, Python 3 and a
 * script that runs the suite: `script URL LEVELS`, which prints `N passed, N failed, N skipped`.
 *   node test/sensorthings-suite.ts [LEVELS=1,2,3]
 */
const root = new URL('..', import.meta.url).pathname;
const levels = process.argv[2] ?? '1,2,3';
const script = process.env.PLIETSCH_TEST_ETS ?? join(root, '../shared/tools/ets.sh');
const cache = join(process.env.PLIETSCH_CACHE ?? join(homedir(), '.cache/plietsch'), 'ets-sta10');

const skip = (reason: string): never => {
  console.log(`skipped: ${reason}`);
  console.log('0 passed, 0 failed, 22 skipped');
  process.exit(0);
};

if (!existsSync(script)) skip(`there is no ${script}; name the script that runs the suite in PLIETSCH_TEST_ETS`);
for (const program of ['java', 'mvn', 'python3']) {
  if (spawnSync(program, [program === 'python3' ? '--version' : '-version']).error) skip(`${program} is not installed`);
}

/** Level 1 wants something along every path of four, before level 2 makes room for its own. */
const station = {
  name: 'Station',
  description: 'A station',
  properties: { reference: 'first' },
  Locations: [location('Place', 10.23)],
  Datastreams: [
    datastream('Air', {
      Sensor: sensor,
      ObservedProperty: observedProperty('air'),
      Observations: [
        { phenomenonTime: '2026-03-01T00:00:00Z', resultTime: '2026-03-01T00:00:00Z', result: 4 },
        { phenomenonTime: '2026-03-01T01:00:00Z', resultTime: '2026-03-01T01:00:00Z', result: 5 },
      ],
    }),
  ],
};

const hub = await startHubProcess({
  environment: {
    PLIETSCH_API_SENSOR_THINGS_WRITE: 'anyone',
    // The suite asks some thousand times a minute.
    PLIETSCH_API_RATE_LIMIT_PER_MINUTE: '1000000',
  },
});
let code = 1;
try {
  const url = `${hub.run.httpUrl}/sta/v1.1`;
  const answer = await fetch(`${url}/Things`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(station),
  });
  if (answer.status !== 201) throw new Error(`The hub does not take the first Thing: ${await answer.text()}`);
  mkdirSync(cache, { recursive: true });
  const suite = spawn('bash', [script, url, levels], { stdio: 'inherit', env: { ...process.env, ETS_CACHE: cache } });
  code = await new Promise<number>((resolve) => suite.once('close', (status) => resolve(status ?? 1)));
  if (code !== 0) console.log(hub.log().split('\n').slice(-20).join('\n'));
} finally {
  await hub.kill('SIGTERM');
}
process.exitCode = code;
