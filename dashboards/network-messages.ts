import { growth, rate } from './metrics.ts';
import type { PanelBrick } from './panels/panel.ts';
import { timeSeries } from './panels/time-series.ts';

/** What became of messages, from the hub's own metrics. */
export const messagePanels: readonly PanelBrick[] = [
  timeSeries({
    id: 21,
    title: ['Nachrichten je Stunde', 'Messages per hour'],
    about: [
      'Was aus den Nachrichten wurde: verarbeitet, anderes, ignoriert, unbekanntes Gerät, unzustellbar.',
      'What became of messages: decoded, other, ignored, unknown device, dead letter.',
    ],
    size: [12, 9],
    queries: [growth('entries_settled_total', '1h', { alias: '$tag_outcome', by: 'outcome' })],
    unit: 'none',
    min: 0,
    bars: true,
    stacked: true,
    interval: '1h',
  }),
  timeSeries({
    id: 22,
    title: ['Doppelte Nachrichten', 'Duplicate messages'],
    about: [
      'Über mehrere Netze oder noch einmal übergebene Nachrichten je Stunde.',
      'Messages per hour that came through more than one network or were handed over again.',
    ],
    size: [6, 9],
    queries: [growth('uplinks_duplicate_total', '1h', { alias: ['doppelt', 'duplicates'] })],
    unit: 'none',
    min: 0,
    bars: true,
    interval: '1h',
  }),
  timeSeries({
    id: 23,
    title: ['Unzustellbare nach Grund', 'Dead letters by reason'],
    about: [
      'Unzustellbare Nachrichten je Stunde nach dem Fehlercode des Hubs.',
      "Dead letters per hour by the hub's error code.",
    ],
    size: [6, 9],
    queries: [growth('dead_letters_total', '1h', { alias: '$tag_code', by: 'code' })],
    unit: 'none',
    min: 0,
    bars: true,
    interval: '1h',
    noValue: ['keine', 'none'],
  }),
  timeSeries({
    id: 24,
    title: ['Nachrichten nach Weg', 'Messages by transport'],
    about: ['Nachrichten je Sekunde nach Transport und Ergebnis.', 'Messages per second by transport and result.'],
    size: [12, 8],
    queries: [rate('transport_messages_total', { alias: '$tag_transport', by: 'transport' })],
    unit: 'mps',
    min: 0,
    interval: '1m',
  }),
  timeSeries({
    id: 25,
    title: ['Nachrichten je Netz', 'Messages by network'],
    about: [
      'Was jedes Netz je Stunde übergab: fällt eines aus, endet seine Linie.',
      'What each network handed over per hour: where one fails its line ends.',
    ],
    size: [12, 8],
    queries: [growth('uplinks_received_total', '1h', { alias: '$tag_network', by: 'network' })],
    unit: 'none',
    min: 0,
    interval: '1h',
  }),
];
