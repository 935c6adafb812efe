import { payloadError } from './byte-reader.ts';

/** How bytes are read as text, and back. `size` is what the format gives the text. */
export interface TextForm {
  read(bytes: Uint8Array): string;
  write(text: string, size: number): readonly number[];
}

/** Printable ASCII up to the first NUL, filled up with NUL; anything else becomes `?`. */
export const ascii: TextForm = {
  read: (bytes) => {
    let text = '';
    for (const code of bytes) {
      if (code === 0) break;
      text += code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '?';
    }
    return text;
  },
  write: (text, size) => {
    if (text.length > size) throw payloadError(`"${text}" is longer than ${size} characters`);
    return Array.from({ length: size }, (_, index) => (index < text.length ? text.charCodeAt(index) & 0x7f : 0));
  },
};

export const hex: TextForm = {
  read: (bytes) => bytes.toHex(),
  write: (text) => [...Uint8Array.fromHex(text)],
};

/** Versions as 1.2.0, a byte each. */
export const dotted: TextForm = {
  read: (bytes) => bytes.join('.'),
  write: (text) => text.split('.').map((part) => Number(part) & 0xff),
};
