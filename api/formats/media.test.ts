import { expect, it } from 'vitest';
import { negotiate } from './media.ts';

it('gives what is liked best of what can be had', () => {
  const of = (accept?: string) => negotiate(accept, ['json', 'csv', 'ndjson', 'parquet']);
  expect(of()).toBe('json');
  expect(of('*/*')).toBe('json');
  expect(of('text/html, image/png')).toBe('json');
  expect(of('text/csv')).toBe('csv');
  expect(of('TEXT/CSV; charset=utf-8; header=present')).toBe('csv');
  expect(of('application/json;q=0.5, application/x-ndjson;q=0.9')).toBe('ndjson');
  expect(of('text/csv;q=0, application/json')).toBe('json');
  expect(of('application/geo+json, application/vnd.apache.parquet;q=0.1')).toBe('parquet');
  expect(of('application/jsonl')).toBe('ndjson');
  expect(of(`${'x/y,'.repeat(10_000)}text/csv`)).toBe('json');
});
