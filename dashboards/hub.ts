import type { DashboardSpec } from './assemble.ts';
import { yesNo } from './mappings.ts';
import { gauge, rate } from './metrics.ts';
import { stat } from './panels/stat.ts';
import { stateTimeline } from './panels/state-timeline.ts';
import { column } from './panels/table.ts';
import { timeSeries } from './panels/time-series.ts';
import type { Text } from './text.ts';
import { plainSteps, readySteps } from './thresholds.ts';

const readiness = yesNo(['bereit', 'ready'], ['nicht bereit', 'not ready']);
const uplinks: Text = ['Nachrichten', 'messages'];

const tiles = [
  stat({
    id: 1,
    title: ['Hub', 'Hub'],
    about: [
      'Bereit, wenn jeder seiner Teile bereit ist; sonst sagt der Zeitstrahl unten, welcher es nicht ist.',
      'Ready where each of its parts is; otherwise the time line below says which is not.',
    ],
    size: [4, 4],
    queries: [gauge('part_ready', { alias: ['bereit', 'ready'] }, 'min')],
    unit: 'none',
    steps: readySteps,
    mappings: readiness,
  }),
  stat({
    id: 2,
    title: ['Nachrichten je Sekunde', 'Messages per second'],
    about: ['Was Network-Server dem Hub übergeben.', 'What network servers hand to the hub.'],
    size: [4, 4],
    queries: [rate('uplinks_received_total', { alias: uplinks })],
    unit: 'mps',
    decimals: 1,
    steps: plainSteps,
    graph: true,
  }),
  stat({
    id: 3,
    title: ['Rückstand', 'Lag'],
    about: [
      'Einträge des Journals, die noch nicht zu Beobachtungen wurden; wächst er, hält der Speicher nicht mit.',
      'Journal entries that did not become observations yet; where it grows the store does not keep up.',
    ],
    size: [4, 4],
    queries: [gauge('projection_lag_entries', { alias: ['Rückstand', 'lag'] }, 'max')],
    unit: 'locale',
    steps: [
      [1_000, 'yellow'],
      [100_000, 'red'],
    ],
  }),
  stat({
    id: 4,
    title: ['Wartend', 'Waiting'],
    about: ['Übergebene, noch nicht dauerhaft gespeicherte Nachrichten.', 'Messages handed over and not durable yet.'],
    size: [4, 4],
    queries: [gauge('intake_waiting', { alias: ['wartend', 'waiting'] }, 'max')],
    unit: 'locale',
    steps: [
      [2_000, 'yellow'],
      [8_000, 'red'],
    ],
  }),
  stat({
    id: 5,
    title: ['Freier Speicherplatz', 'Free disk space'],
    about: [
      'Frei auf dem Datenträger des Datenordners; unter 1 GiB nimmt der Hub bald nichts mehr an.',
      'Free on the disk of the data folder; below 1 GiB the hub soon takes in nothing.',
    ],
    size: [4, 4],
    queries: [gauge('disk_free_bytes', { alias: ['frei', 'free'] })],
    unit: 'bytes',
    decimals: 1,
    steps: [
      [Number.NEGATIVE_INFINITY, 'red'],
      [1_073_741_824, 'yellow'],
      [10_737_418_240, 'green'],
    ],
  }),
  stat({
    id: 6,
    title: ['Datenbank des Hubs', "The hub's database"],
    about: ['Journal, Register und Bücher auf dem Datenträger.', 'Journal, registry and books on disk.'],
    size: [4, 4],
    queries: [gauge('store_bytes', { alias: ['Größe', 'size'] })],
    unit: 'bytes',
    decimals: 1,
    steps: plainSteps,
  }),
];

const flow = [
  stateTimeline({
    id: 11,
    title: ['Teile des Hubs', "The hub's parts"],
    about: ['Welcher Teil wann bereit war, wie /ready es sagt.', 'Which part was ready when, as /ready says.'],
    size: [24, 8],
    queries: [gauge('part_ready', { alias: '$tag_part', by: 'part' }, 'min')],
    unit: 'none',
    mappings: readiness,
    interval: '1m',
  }),
  timeSeries({
    id: 12,
    title: ['Durchsatz', 'Throughput'],
    about: [
      'Empfangene Nachrichten, Doppelte und geschriebene Beobachtungen je Sekunde.',
      'Messages received, duplicates and observations written per second.',
    ],
    size: [12, 9],
    queries: [
      rate('uplinks_received_total', { alias: uplinks }),
      rate('uplinks_duplicate_total', { alias: ['doppelt', 'duplicates'] }),
      rate('observations_stored_total', { alias: ['Beobachtungen', 'observations'] }),
    ],
    unit: 'cps',
    min: 0,
    interval: '1m',
  }),
  timeSeries({
    id: 13,
    title: ['Rückstand und Wartende', 'Lag and waiting'],
    about: [
      'Rückstand des Journals je Projektion, wartende Nachrichten und Zeitfenster, die neu zu rechnen sind.',
      'Journal lag per projection, messages waiting and windows to be computed anew.',
    ],
    size: [12, 9],
    queries: [
      gauge(
        'projection_lag_entries',
        { alias: ['Rückstand: $tag_projection', 'lag: $tag_projection'], by: 'projection' },
        'max',
      ),
      gauge('intake_waiting', { alias: ['wartend', 'waiting'] }, 'max'),
      gauge('dirty_windows', { alias: ['Zeitfenster', 'windows'] }, 'max'),
    ],
    unit: 'none',
    min: 0,
    interval: '1m',
  }),
  timeSeries({
    id: 14,
    title: ['Dauer des Festschreibens', 'Commit latency'],
    about: [
      'Mittlere Dauer, mit der Journal und Projektion festgeschrieben werden: erst danach wird eine Nachricht quittiert.',
      'Mean duration of the commits of journal and projection: a message is acknowledged only thereafter.',
    ],
    size: [12, 9],
    queries: [
      rate('journal_commit_seconds_sum', { alias: 'seconds' }),
      rate('journal_commit_seconds_count', { alias: 'commits' }),
    ],
    unit: 's',
    min: 0,
    interval: '1m',
    steps: [
      [0.1, 'yellow'],
      [1, 'red'],
    ],
    limits: true,
    transformations: [
      { id: 'joinByField', options: { byField: 'Time', mode: 'outer' } },
      {
        id: 'calculateField',
        options: {
          mode: 'binary',
          alias: 'latency',
          binary: { left: 'seconds', operator: '/', right: 'commits' },
          replaceFields: true,
        },
      },
    ],
    columns: [column('latency', ['mittlere Dauer', 'mean duration'])],
  }),
  timeSeries({
    id: 15,
    title: ['Anfragen an die API', 'API requests'],
    about: [
      'Beantwortete Anfragen je Sekunde nach Status; 5xx sind Fehler des Hubs.',
      "Requests answered per second by status; 5xx are the hub's faults.",
    ],
    size: [12, 9],
    queries: [rate('http_request_duration_seconds_count', { alias: '$tag_status', by: 'status' })],
    unit: 'reqps',
    min: 0,
    interval: '1m',
  }),
  timeSeries({
    id: 16,
    title: ['Speicherplatz', 'Disk space'],
    about: ['Frei auf dem Datenträger und Größe der Datenbank.', 'Free on disk and size of the database.'],
    size: [12, 8],
    queries: [
      gauge('disk_free_bytes', { alias: ['frei', 'free'] }),
      gauge('store_bytes', { alias: ['Datenbank', 'database'] }),
    ],
    unit: 'bytes',
    min: 0,
    interval: '1m',
  }),
  timeSeries({
    id: 17,
    title: ['Verbindungen', 'Connections'],
    about: [
      'Ereignisse an Verbindungen der Transporte je Sekunde nach Ergebnis: abgelehnte sind falsche Kennwörter.',
      'Events at connections of transports per second by result: refused ones are wrong passwords.',
    ],
    size: [12, 8],
    queries: [rate('transport_connections_total', { alias: '$tag_result', by: 'result' })],
    unit: 'cps',
    min: 0,
    interval: '1m',
  }),
  timeSeries({
    id: 18,
    title: ['Arbeitsspeicher', 'Memory'],
    about: ['Arbeitsspeicher, den der Hub belegt.', 'Memory that the hub takes.'],
    size: [12, 8],
    queries: [gauge('process_resident_bytes', { alias: ['belegt', 'resident'] }, 'max')],
    unit: 'bytes',
    min: 0,
    interval: '1m',
  }),
  timeSeries({
    id: 19,
    title: ['Prozessorzeit', 'Processor time'],
    about: [
      'Prozessorsekunden je Sekunde; 1 heißt, dass ein Kern ausgelastet ist.',
      'Processor seconds per second; 1 means that one core is busy.',
    ],
    size: [12, 8],
    queries: [rate('process_cpu_seconds', { alias: ['Kerne', 'cores'] })],
    unit: 'none',
    decimals: 2,
    min: 0,
    interval: '1m',
  }),
];

export const hub: DashboardSpec = {
  uid: 'plietsch-hub',
  title: ['Hub', 'Hub'],
  about: [
    'Die eigenen Messgrößen des Hubs: Durchsatz, Rückstand, Dauer des Festschreibens, Zustand, Speicherplatz.',
    "The hub's own metrics: throughput, lag, commit latency, states, disk.",
  ],
  source: 'influxdb',
  from: 'now-3h',
  refresh: '30s',
  sections: [{ panels: tiles }, { id: 10, title: ['Verlauf', 'Course'], panels: flow }],
};
