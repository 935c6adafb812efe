import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../model/time.ts';
import { createThrottle } from './throttle.ts';

const make = () => {
  const time = { now: 1_000_000 };
  return { time, throttle: createThrottle({ perMinute: 2, clock: () => time.now }) };
};

describe('the throttle', () => {
  it('blocks one name from one address for the rest of the minute', () => {
    const { time, throttle } = make();
    const attempt = { client: 'a', name: 'x' };
    throttle.fail(attempt);
    expect(throttle.blockedForS(attempt)).toBeUndefined();
    time.now += 10_000;
    throttle.fail(attempt);
    expect(throttle.blockedForS(attempt)).toBe(50);
    expect(throttle.blockedForS({ client: 'b', name: 'x' })).toBeUndefined();
    expect(throttle.blockedForS({ client: 'a', name: 'y' })).toBeUndefined();
    time.now += MINUTE;
    expect(throttle.blockedForS(attempt)).toBeUndefined();
  });

  it('blocks an address that tries many names, but for those that were right there', () => {
    const { throttle } = make();
    throttle.succeed({ client: 'a', name: 'mine' });
    for (let i = 0; i < 20; i++) throttle.fail({ client: 'a', name: `guess-${i}` });
    expect(throttle.blockedForS({ client: 'a', name: 'another' })).toBeGreaterThan(0);
    expect(throttle.blockedForS({ client: 'a', name: 'mine' })).toBeUndefined();
    expect(throttle.blockedForS({ client: 'b', name: 'another' })).toBeUndefined();
  });

  it('blocks a name that is tried from many addresses, but for those where it was right', () => {
    const { throttle } = make();
    throttle.succeed({ client: 'home', name: 'x' });
    for (let i = 0; i < 20; i++) throttle.fail({ client: `bot-${i}`, name: 'x' });
    expect(throttle.blockedForS({ client: 'new-bot', name: 'x' })).toBeGreaterThan(0);
    expect(throttle.blockedForS({ client: 'home', name: 'x' })).toBeUndefined();
    expect(throttle.blockedForS({ client: 'new-bot', name: 'y' })).toBeUndefined();
  });

  it('does not forget an address because that one tries ever new names', () => {
    const { throttle } = make();
    for (let i = 0; i < 30_000; i++) {
      const attempt = { client: 'a', name: `n${i}` };
      if (throttle.blockedForS(attempt) === undefined) throttle.fail(attempt);
    }
    expect(throttle.blockedForS({ client: 'a', name: 'fresh' })).toBeGreaterThan(0);
  });
});
