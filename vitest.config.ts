import { defineConfig } from 'vitest/config';

/** Unit tests beside the source; services and faults have projects of their own because they start real programs. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: ['node_modules/**', '**/*.service.test.ts', 'test/faults/**', 'test/e2e/**', 'console/dist/**'],
        },
      },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        test: {
          name: 'services',
          include: ['**/*.service.test.ts'],
          exclude: ['node_modules/**'],
          globalSetup: ['test/services/find-services.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: ['test/services/find-services.ts'],
          testTimeout: 600_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
