import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import { refIdOf } from './panel.ts';

/**
 * Every answer has a column Time, which joined would get names that depend on Grafana's version: that of the first query
 * is when it was measured, the others go.
 */
export const preparedForJoin = (queries: number): DataTransformerConfig[] =>
  Array.from({ length: queries }, (_, i) => ({
    id: 'organize',
    filter: { id: 'byRefId', options: refIdOf(i) },
    options:
      i === 0
        ? { excludeByName: {}, indexByName: {}, renameByName: { Time: 'measured' } }
        : { excludeByName: { Time: true }, indexByName: {}, renameByName: {} },
  }));
