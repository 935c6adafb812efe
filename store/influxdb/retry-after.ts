import { type EpochMs, SECOND } from '../../model/time.ts';

/** What a Retry-After header asks for, seconds or a date, in milliseconds from now; undefined where it asks for nothing. */
export const retryAfterMs = (header: string | undefined, now: EpochMs): number | undefined => {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return positive(Number(text) * SECOND);
  return text.endsWith('GMT') ? positive(Date.parse(text) - now) : undefined;
};

const positive = (span: number): number | undefined => (span > 0 && Number.isFinite(span) ? span : undefined);
