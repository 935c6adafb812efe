import { describe, expect, it } from 'vitest';
import { probeCodec } from '../test/support/foreign-codec.ts';
import { type CatalogueEntry, createCatalogue } from './catalogue.ts';
import { CatalogueIndex } from './catalogue-index.ts';
import { profileOnly } from './foreign.ts';
import { parseForeignCodec } from './foreign-schema.ts';

const entry = (id: string): CatalogueEntry => profileOnly(parseForeignCodec(probeCodec({ id })).profile);

describe('catalogue index', () => {
  it('finds what was put, under both spellings; a later one takes its place', () => {
    const index = new CatalogueIndex(createCatalogue([]));
    const [first, second] = [entry('custom/probe-7'), entry('custom/probe-7')];
    index.put(first);
    expect([index.get('custom/probe-7'), index.get('custom-probe-7')]).toEqual([first, first]);
    index.put(second);
    expect(index.get('custom/probe-7')).toBe(second);
    expect(index.list()).toEqual([second]);
  });

  it('lists everything by id, and leaves the entries that came with the hub alone', () => {
    const base = entry('custom/b');
    const index = new CatalogueIndex(createCatalogue([base]));
    expect(index.list()).toHaveLength(1);
    index.put(entry('custom/c'));
    index.put(entry('custom/a'));
    expect(index.list().map(({ profile }) => profile.id)).toEqual(['custom/a', 'custom/b', 'custom/c']);
    index.put(entry('custom/b'));
    expect(index.get('custom/b')).toBe(base);
  });
});
