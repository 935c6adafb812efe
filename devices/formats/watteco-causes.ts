import type { Fields } from './part.ts';
import { type Item, meaningOf, readRaw } from './watteco-value.ts';

// Why a report was sent: a byte of report parameters whose bits 4 and 5 say how (1 short, 2 long), then one criterion
// after the other. Layout after the "standard" codec of Watteco/Codec-API-LoRaWAN and support.watteco.com.

export interface CauseFrame {
  readonly bytes: Uint8Array;
  /** Where the value ended. */
  readonly at: number;
  /** The attribute's numbers; a long cause of several says which one by its place. */
  readonly items: readonly Item[];
  readonly indexed: boolean;
}

const SHORT = 1;
const LONG = 2;
const DELTA = 1;
const THRESHOLD = 2;

/** Adds `alarm_causes` in words and whether one of them is an alarm; answers what could not be read, if anything. */
export const readCauses = (frame: CauseFrame, fields: Fields): string | undefined => {
  const { bytes } = frame;
  if (frame.at >= bytes.length) return undefined;
  const kind = ((bytes[frame.at] ?? 0) >> 4) & 3;
  if (kind !== SHORT && kind !== LONG) return `${bytes.length - frame.at} bytes after the value are no causes`;
  const causes: string[] = [];
  let alarm = fields.alarm === true;
  let at = frame.at + 1;
  while (at < bytes.length) {
    const cause = readCause(frame, at, kind === LONG);
    if (!cause) {
      fields.alarm_causes = causes.join('; ');
      return `The cause at offset ${at} ends early`;
    }
    causes.push(cause.text);
    alarm ||= cause.alarm;
    at = cause.end;
  }
  if (causes.length === 0) return undefined;
  fields.alarm = alarm;
  fields.alarm_causes = causes.join('; ');
  return undefined;
};

interface Cause {
  readonly text: string;
  readonly alarm: boolean;
  readonly end: number;
}

const crossings = ['', ' fallen below', ' exceeded', ' exceeded and fallen below'];

const readCause = ({ bytes, items, indexed }: CauseFrame, start: number, long: boolean): Cause | undefined => {
  const descriptor = bytes[start] ?? 0;
  const mode = (descriptor >> 3) & 3;
  const crossing = crossings[(descriptor >> 5) & 3] ?? '';
  const alarm = (descriptor & 0x80) !== 0;
  const modeName = mode === DELTA ? 'change' : mode === THRESHOLD ? `threshold${crossing}` : 'unused';
  const head = `${alarm ? 'alarm' : 'no alarm'}, criterion ${descriptor & 7}: ${modeName}`;
  if (!long) return { text: head, alarm, end: start + 1 };
  let at = start + 1;
  const place = indexed ? bytes[at++] : 0;
  const item = items[place ?? -1];
  if (!item) return undefined;
  const values = mode === THRESHOLD ? 2 : 1;
  if (at + values * item.size > bytes.length) return undefined;
  // A threshold on a shifted quantity is shifted too, its gap is a difference.
  let text = `${head} ${meaningOf(readRaw(bytes, at, item), { ...item, flag: false })}`;
  at += item.size;
  if (mode === THRESHOLD) {
    text += `, gap ${meaningOf(readRaw(bytes, at, item), { ...item, flag: false, offset: 0 })}`;
    at += item.size;
    const count = occurrences(bytes, at);
    if (!count) return undefined;
    text += count.text;
    at = count.end;
  }
  return { text: `${text} (${item.field})`, alarm, end: at };
};

/** One byte of occurrences, or a marker and how often it went up and down. */
const occurrences = (bytes: Uint8Array, at: number): { text: string; end: number } | undefined => {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if ((first & 0x80) === 0) return { text: `, ${first} times`, end: at + 1 };
  if (at + 5 > bytes.length) return undefined;
  const up = readRaw(bytes, at + 1, { size: 2 });
  const down = readRaw(bytes, at + 3, { size: 2 });
  return { text: `, ${up} times up, ${down} times down`, end: at + 5 };
};
