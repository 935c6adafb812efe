import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientOf } from './client-address.ts';

describe('clientOf', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0DB8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::ffff', '0:0:0:0::/64'],
  ])('%s is counted as %s', (address, client) => expect(clientOf(address)).toBe(client));

  it('is the same for all of one /64, and for no others', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), (a, b) => {
        const prefix = (address: string) => {
          const url = new URL(`http://[${address}]/`).hostname.slice(1, -1);
          const [head = '', tail] = url.split('::');
          const left = head === '' ? [] : head.split(':');
          const right = tail === undefined || tail === '' ? [] : tail.split(':');
          return [...left, ...Array(8 - left.length - right.length).fill('0'), ...right];
        };
        fc.pre(
          !prefix(a)
            .slice(0, 5)
            .every((g) => g === '0') &&
            !prefix(b)
              .slice(0, 5)
              .every((g) => g === '0'),
        );
        expect(clientOf(a) === clientOf(b)).toBe(prefix(a).slice(0, 4).join() === prefix(b).slice(0, 4).join());
      }),
    );
  });
});
