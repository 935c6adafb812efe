import { describe, expect, it } from 'vitest';
import { networkConfigSchema } from './network-config.ts';

const accepts = (change: object): boolean =>
  networkConfigSchema.safeParse({ id: 'kreis', kind: 'chirpstack-v4', ...change }).success;

describe('configuration of a network', () => {
  it('needs a known kind and brings no secret of its own', () => {
    expect(networkConfigSchema.parse({ id: 'kreis', kind: 'chirpstack-v4' })).toEqual({
      id: 'kreis',
      kind: 'chirpstack-v4',
    });
    expect(accepts({ kind: 'loriot' })).toBe(false);
    expect(accepts({ id: 'Kreis Plön' })).toBe(false);
  });

  it('takes secrets that are long enough and tokens that fit into a header', () => {
    expect(accepts({ mqtt: { user: 'cs', password: 'short' } })).toBe(false);
    expect(accepts({ webhookToken: 'a token with spaces' })).toBe(false);
    expect(accepts({ webhookToken: 'ab-._~+/ab12==', mqtt: { user: 'cs', password: 'a long password' } })).toBe(true);
  });

  it.each([
    ['p/application/+/device/+/event/+', true],
    ['p/#', true],
    ['#', false],
    ['a+/b', false],
    ['a/#/b', false],
    ['$SYS/x', false],
    ['', false],
  ])('topic filter %s: %s', (filter, valid) => {
    expect(accepts({ topics: { events: [filter] } })).toBe(valid);
  });
});
