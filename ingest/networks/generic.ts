import type { EpochMs } from '../../model/time.ts';
import type { Ignored, NetworkEvent, Reception, Uplink } from '../../model/uplink.ts';
import type { NetworkAdapter } from './adapter.ts';
import {
  anyFCntOf,
  anyFPortOf,
  type Draft,
  decodedOf,
  devEuiOf,
  hexPayloadOf,
  invalid,
  type Json,
  parseJson,
  payloadOf,
  soleOf,
  textOf,
} from './fields.ts';
import type { GenericConfig } from './generic-config.ts';
import { compilePath, type Path } from './json-path.ts';
import { receptionFrom } from './radio.ts';
import { firstTime, timeOf, unixTimeOf } from './times.ts';

/**
 * A network server that the hub has no adapter for: the configuration says where its JSON messages have what is needed.
 * Such a network only knows uplinks; `event` sorts out the rest.
 */

const readTime: Readonly<Record<GenericConfig['timeFormat'], (value: unknown) => EpochMs | undefined>> = {
  rfc3339: timeOf,
  unixSeconds: (value) => unixTimeOf(value, 1),
  unixMilliseconds: (value) => unixTimeOf(value, 1e3),
};

type Name = 'devEui' | 'fPort' | 'payload' | 'time' | 'fCnt' | 'deviceName' | 'gatewayId' | 'rssi' | 'snr' | 'decoded';
type Paths = Readonly<Record<Name, Path>>;

const nowhere: Path = () => [];
const names: readonly Name[] = [
  'devEui',
  'fPort',
  'payload',
  'time',
  'fCnt',
  'deviceName',
  'gatewayId',
  'rssi',
  'snr',
  'decoded',
];

/** Throws a JSONPathError for a path that is none; the configuration's schema has checked them. */
export const createGeneric = (config: GenericConfig): NetworkAdapter => {
  const paths = Object.fromEntries(
    names.map((name) => [name, config[name] === undefined ? nowhere : compilePath(config[name])]),
  ) as Paths;
  const eventOf = config.event && compilePath(config.event.path);
  const uplinks = new Set(config.event?.uplink);
  const parse = (_topic: string | undefined, body: Uint8Array, arrivedAt?: EpochMs): NetworkEvent | Ignored => {
    const document = soleOf(parseJson(body));
    if (eventOf) {
      const [event] = eventOf(document);
      if (!uplinks.has(String(event))) return { kind: 'ignored', reason: 'no uplink, by the configured event' };
    }
    return readUplink(document, { paths, config, arrivedAt });
  };
  // Topics are the operator's: they belong into the configuration of the network.
  return { kind: 'generic', eventTopics: [], downlinkTopics: [], parse };
};

const readUplink = (
  document: Json,
  { paths, config, arrivedAt }: { paths: Paths; config: GenericConfig; arrivedAt: EpochMs | undefined },
): Uplink | Ignored => {
  const first = (name: Name): Json => ({ [name]: paths[name](document)[0] });
  const devEui = devEuiOf(first('devEui').devEui);
  const { time } = first('time');
  // A path that finds no time is a fault, unlike no path.
  const receivedAt = firstTime([time], config.time === undefined ? arrivedAt : undefined, readTime[config.timeFormat]);
  const payload = first('payload');
  const bytes = config.payloadEncoding === 'hex' ? hexPayloadOf(payload, 'payload') : payloadOf(payload, 'payload');
  if (!bytes) return { kind: 'ignored', reason: 'frame without application payload', devEui, receivedAt };
  const port = first('fPort');
  if (port.fPort === undefined) throw invalid('fPort is missing');
  const uplink: Draft<Uplink> = {
    kind: 'uplink',
    devEui,
    receivedAt,
    fCnt: anyFCntOf(first('fCnt'), 'fCnt'),
    fPort: anyFPortOf(port, 'fPort'),
    bytes,
    receptions: hearingsOf(document, paths),
  };
  const deviceName = textOf(first('deviceName'), 'deviceName');
  if (deviceName !== undefined) uplink.deviceName = deviceName;
  const decoded = decodedOf(first('decoded'), 'decoded');
  if (decoded) uplink.decoded = decoded;
  return uplink;
};

const MAX_RECEPTIONS = 100;

/** Gateways and their signals, place by place; where the lists differ in length only the first of each belong together. */
const hearingsOf = (document: Json, { gatewayId, rssi, snr }: Paths): readonly Reception[] => {
  const gateways = gatewayId(document);
  const strengths = rssi(document);
  const ratios = snr(document);
  const lengths = [gateways, strengths, ratios].map((list) => list.length).filter((length) => length > 0);
  const count = lengths.every((length) => length === lengths[0]) ? Math.min(lengths[0] ?? 0, MAX_RECEPTIONS) : 1;
  const receptions: Reception[] = [];
  for (let place = 0; place < count; place++) {
    const reception = receptionFrom({ gatewayId: gateways[place], rssi: strengths[place], snr: ratios[place] });
    if (reception) receptions.push(reception);
  }
  return receptions;
};
