import { describe, expect, it } from 'vitest';
import { HubError } from '../model/errors.ts';
import { BackOff } from './back-off.ts';

const away = new HubError('HUB_STORE_UNAVAILABLE');

describe('back-off', () => {
  it('doubles up to a second, and begins anew after a success', () => {
    const backOff = new BackOff(() => 1);
    expect([1, 2, 3, 4, 5, 6].map(() => backOff.after(away))).toEqual([100, 200, 400, 800, 1000, 1000]);
    backOff.succeeded();
    expect(backOff.after(away)).toBe(100);
  });

  it('scatters', () => {
    expect(new BackOff(() => 0).after(away)).toBe(50);
    expect(new BackOff(() => 0.5).after(away)).toBe(75);
  });

  it('does as it is asked, within bounds', () => {
    const asked = (retryAfterMs: number) =>
      new BackOff(() => 1).after(new HubError('HUB_STORE_UNAVAILABLE', 'later', { retryAfterMs }));
    expect(asked(7_000)).toBe(7_000);
    expect(asked(3_600_000)).toBe(60_000);
  });

  it('asks seldom where somebody has to help', () => {
    expect(new BackOff(() => 1).after(new HubError('HUB_STORE_REFUSED'))).toBe(15_000);
  });
});
