import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestApi } from '../api/testing.ts';

/** Lints the OpenAPI document of a running app; examples are checked against their schemas. Any finding is a failure. */
const folder = mkdtempSync(join(tmpdir(), 'plietsch-openapi-'));
const api = await createTestApi();
try {
  const { body } = await api.get('/openapi.json');
  const file = join(folder, 'openapi.json');
  writeFileSync(file, body);
  const redocly = fileURLToPath(import.meta.resolve('@redocly/cli/bin/cli.js'));
  const environment = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const options = { encoding: 'utf8', env: environment, maxBuffer: 1 << 28 } as const;
  const report = runAnyway(() =>
    execFileSync(process.execPath, [redocly, 'lint', file, '--extends=recommended-strict', '--format=json'], {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const { totals, problems } = JSON.parse(report) as {
    totals: { errors: number; warnings: number };
    problems: { ruleId: string; message: string; location: { pointer?: string }[] }[];
  };
  for (const { ruleId, message, location } of problems)
    console.error(`${ruleId}: ${message}\n  at ${location[0]?.pointer ?? '?'}`);
  const count = Object.values((JSON.parse(body) as { paths: Record<string, object> }).paths).reduce(
    (sum, methods) => sum + Object.keys(methods).length,
    0,
  );
  console.log(`${count} operations, ${totals.errors} errors, ${totals.warnings} warnings`);
  process.exitCode = totals.errors + totals.warnings === 0 ? 0 : 1;
} finally {
  await api.app.close();
  rmSync(folder, { recursive: true });
}

/** The linter ends with 1 where it finds something, and has written its report all the same. */
function runAnyway(run: () => string): string {
  try {
    return run();
  } catch (thrown) {
    const { stdout = '' } = thrown as { stdout?: string };
    if (stdout === '') throw thrown;
    return stdout;
  }
}
