import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ObservedProperty } from '../api.ts';
import { type Dictionary, dictionaries, type Language, wordFor } from '../dictionary.ts';
import { propertyName, quantityText } from '../format.ts';
import { type RegionTime, regionTime, zoneOf } from '../region-time.ts';
import type { Row } from '../rows.ts';

/** What every part of the page reads and nobody passes on by hand. */
export interface Ui {
  readonly language: Language;
  readonly t: Dictionary;
  /** The hub's time in epoch ms. */
  readonly now: number;
  readonly time: RegionTime;
  readonly isDemo: boolean;
  readonly properties: ReadonlyMap<string, ObservedProperty>;
  readonly selected: string | undefined;
  readonly select: (datastream: string | undefined) => void;
  readonly hrefOf: (datastream: string | undefined) => string;
}

export const UiContext = createContext<Ui>({
  language: 'de',
  t: dictionaries.de,
  now: 0,
  time: regionTime('de', zoneOf(undefined)),
  isDemo: false,
  properties: new Map(),
  selected: undefined,
  select: () => undefined,
  hrefOf: () => '',
});

export const useUi = (): Ui => useContext(UiContext);

/** The demo's badge says once what its names say each time. */
export const shownName = (name: string, isSimulated: boolean): string =>
  isSimulated ? name.replace(/ \((?:simuliert|simulated)\)$/, '') : name;

export const channelText = (channel: string, t: Dictionary): string =>
  (channel in t.channels ? [channel] : channel.split('-')).map((part) => wordFor(t.channels, part)).join(' ');

/** Fill level; vehicles, all from the left. */
export const quantityName = ({ property, channel }: Pick<Row, 'property' | 'channel'>, ui: Ui): string => {
  const name = propertyName(property, ui.language, ui.properties.get(property));
  return channel === undefined ? name : `${name}, ${channelText(channel, ui.t)}`;
};

export const rowText = (row: Row, ui: Ui): string => quantityText(row, ui.language, ui.properties.get(row.property));

/** For links whose target this page shows by itself; with a modifier key the browser does what it always does. */
export const follow =
  (act: () => void) =>
  (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    act();
  };
