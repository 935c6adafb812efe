import { isIPv6 } from 'node:net';

/**
 * Whom limits count: an IPv4 address, or the /64 of an IPv6 address. One household or one rented server has 2^64
 * addresses of its own (RFC 6177 hands out at least a /64), so that counting single ones would count nothing.
 */
export const clientOf = (address: string): string => {
  const bare = address.split('%', 1)[0] ?? '';
  if (!isIPv6(bare)) return bare;
  const groups = groupsOf(bare);
  // An IPv4 client at a socket for both (RFC 4291 §2.5.5.2).
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.');
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
};

const groupsOf = (address: string): number[] => {
  const [head = '', tail] = address.split('::');
  const left = wordsOf(head);
  if (tail === undefined) return left;
  const right = wordsOf(tail);
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
};

const wordsOf = (part: string): number[] =>
  part === ''
    ? []
    : part.split(':').flatMap((word) => {
        if (!word.includes('.')) return [Number.parseInt(word, 16)];
        const [a = 0, b = 0, c = 0, d = 0] = word.split('.').map(Number);
        return [(a << 8) | b, (c << 8) | d];
      });
