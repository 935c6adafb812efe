import { describe, expect, it } from 'vitest';
import { adaptersOf, networkKinds } from './adapters.ts';
import { networkConfigSchema } from './network-config.ts';
import { genericExample } from './testing.ts';

const accepts = (change: object): boolean =>
  networkConfigSchema.safeParse({ id: 'kreis', kind: 'chirpstack-v4', ...change }).success;

describe('configuration of a network', () => {
  it('needs a known kind and brings no secret of its own', () => {
    expect(networkConfigSchema.parse({ id: 'kreis', kind: 'chirpstack-v4' })).toEqual({
      id: 'kreis',
      kind: 'chirpstack-v4',
    });
    expect(accepts({ kind: 'sigfox' })).toBe(false);
    expect(accepts({ id: 'Kreis Plön' })).toBe(false);
  });

  it('knows every kind, and asks the generic one where to look', () => {
    for (const kind of networkKinds) expect(accepts({ kind })).toBe(kind !== 'generic');
    expect(accepts({ kind: 'generic', generic: genericExample })).toBe(true);
    expect(accepts({ kind: 'loriot', generic: genericExample })).toBe(false);
    expect(accepts({ kind: 'generic', generic: { ...genericExample, fPort: 'port' } })).toBe(false);
  });

  it("builds the adapter of each network, and of the hub's own", () => {
    const generic = networkConfigSchema.parse({ id: 'b', kind: 'generic', generic: genericExample });
    const built = adaptersOf([{ id: 'a', kind: 'loriot' }, generic, { id: 'c', kind: 'sigfox' }]);
    expect([...built].map(([id, { kind }]) => `${id} ${kind}`)).toEqual([
      'a loriot',
      'b generic',
      'sensorthings sensorthings',
    ]);
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
