import type { Readable } from 'node:stream';

/** What is sent: JSON, text, nothing, or lines as they are made. */
export type Answer =
  | { readonly json: unknown; readonly type?: string }
  | { readonly text: string | Readable; readonly type: string }
  | { readonly nothing: true };
