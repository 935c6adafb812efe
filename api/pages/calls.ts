import { DAY, type EpochMs, formatTime } from '../../model/time.ts';
import type { Words } from './words-en.ts';

interface Call {
  readonly id: string;
  readonly title: string;
  /** What to do with it, where it is no program. */
  readonly hint?: string;
  readonly text: string;
}

interface CallOptions {
  /** Address of this hub, without a slash at its end. */
  readonly base: string;
  readonly dataset: string;
  readonly now: EpochMs;
  readonly words: Words;
  readonly mqttUrl?: string | undefined;
}

/** Examples to copy that work against this hub as they are. Names of datasets are slugs, and need no quoting. */
export const callsFor = ({ base, dataset, now, words, mqttUrl }: CallOptions): Call[] => {
  const from = formatTime(Math.floor(now / DAY) * DAY - 7 * DAY).replace('.000Z', 'Z');
  const values = `${base}/api/v1/observations?dataset=${dataset}&from=${from}`;
  return [
    {
      id: 'curl',
      title: 'curl',
      text: `curl --compressed -o ${dataset}.csv '${values}&format=csv'`,
    },
    { id: 'python', title: 'Python (pandas)', text: python(values) },
    { id: 'r', title: 'R', text: r(values) },
    { id: 'excel', title: 'Excel (Power Query)', hint: words.excelHint, text: powerQuery(values) },
    { id: 'qgis', title: 'QGIS', hint: words.qgisHint, text: `${base}/ogc/v1` },
    { id: 'qgis-sta', title: 'QGIS (SensorThings)', hint: words.qgisStaHint, text: `${base}/sta/v1.1` },
    {
      id: 'live',
      title: 'Server-Sent Events',
      hint: words.liveHint,
      text: `curl -N '${base}/api/v1/live?dataset=${dataset}'`,
    },
    ...(mqttUrl === undefined ? [] : [mqtt(mqttUrl, words)]),
  ];
};

const python = (values: string): string =>
  [
    'import pandas as pd',
    '',
    `url = "${values}&format=csv"`,
    'data = pd.read_csv(url, comment="#", parse_dates=["phenomenonTime"])',
    'print(data.groupby(["thing", "property"])["value"].describe())',
  ].join('\n');

const r = (values: string): string =>
  [
    `url <- "${values}&format=csv"`,
    'data <- read.csv(url, comment.char = "#")',
    'data$phenomenonTime <- as.POSIXct(data$phenomenonTime, format = "%Y-%m-%dT%H:%M:%OSZ", tz = "UTC")',
    'summary(data$value)',
  ].join('\n');

/** Power Query takes the types from what it is told, not from the language of Windows: a point is a point. */
const powerQuery = (values: string): string =>
  [
    'let',
    `  source = Csv.Document(Web.Contents("${values}&format=csv&header=off"), [Delimiter = ",", Encoding = 65001]),`,
    '  named = Table.PromoteHeaders(source, [PromoteAllScalars = true]),',
    '  typed = Table.TransformColumnTypes(named, {{"phenomenonTime", type datetimezone}, {"value", type number}}, "en-US")',
    'in',
    '  typed',
  ].join('\n');

const mqtt = (url: string, words: Words): Call => {
  const { hostname, port, protocol } = new URL(url);
  const isTls = protocol === 'mqtts:' || protocol === 'wss:';
  const at = `-h ${hostname} -p ${port === '' ? (isTls ? 8883 : 1883) : port}`;
  const text = `mosquitto_sub ${at}${isTls ? ' --tls-use-os-certs' : ''} -t 'plietsch/v1/#' -v`;
  return { id: 'mqtt', title: 'MQTT', hint: words.mqttHint, text };
};
