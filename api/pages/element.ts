import { type ComponentChildren, h, type VNode } from 'preact';

/** A piece of a page: an element, text, or several of both. */
export type Piece = ComponentChildren;

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element of HTML or SVG. Text in it is escaped when the page is written. */
export const el = (name: string, attributes?: Attributes | null, ...children: Piece[]): VNode =>
  h(name, attributes ?? null, ...children);
