import { beforeAll, describe, expect, it } from 'vitest';
import type { UplinkEncoder } from '../devices/codec.ts';
import { adapters } from '../ingest/networks/adapters.ts';
import { HubError } from '../model/errors.ts';
import { DAY, type EpochMs, HOUR, MINUTE } from '../model/time.ts';
import type { Uplink } from '../model/uplink.ts';
import { demoRegion } from './demo-region.ts';
import { networkKinds } from './export.ts';
import type { Message } from './networks/message.ts';
import { keyOf } from './random.ts';
import { simulatedProfiles } from './sensors/models.ts';
import { createSimulation } from './simulation.ts';

/** Four bytes out of all fields: other fields give other bytes, without a codec. */
const plain: UplinkEncoder = {
  encodeUplink: (fields, options) => {
    const key = keyOf(JSON.stringify(fields));
    return {
      fPort: options?.fPort ?? 1,
      bytes: Buffer.from([key, key >> 8, key >> 16, key >> 24].map((byte) => byte & 0xff)),
    };
  },
};
const encoders = new Map(simulatedProfiles.map((profile) => [profile, plain]));
const deployedAt = Date.UTC(2026, 2, 1);

interface Span {
  readonly seed?: number;
  readonly from: EpochMs;
  readonly until: EpochMs;
}

const messagesOf = ({ seed = 1, from, until }: Span): Message[] => {
  const { messages } = createSimulation({ seed, region: demoRegion({ seed, deployedAt }), from, encoders });
  const list: Message[] = [];
  for (const message of messages) {
    if (message.at >= until) break;
    list.push(message);
  }
  return list;
};

const texts = (messages: readonly Message[]): string[] =>
  messages.map(({ at, network, topic, body }) => `${at} ${network} ${topic} ${Buffer.from(body).toString()}`);

const parse = ({ network, topic, body }: Message) => {
  const adapter = adapters.get(networkKinds[network]);
  if (!adapter) throw new Error(`no adapter for ${network}`);
  return adapter.parse(topic, body);
};

const from = deployedAt + 8 * DAY;
let week: Message[] = [];
let kinds: ReadonlySet<string> = new Set();
let uplinks: { readonly at: EpochMs; readonly network: string; readonly uplink: Uplink }[] = [];
beforeAll(() => {
  week = messagesOf({ from, until: from + 7 * DAY });
  const events = week.map((message) => ({ ...message, event: parse(message) }));
  kinds = new Set(events.map(({ event }) => event.kind));
  uplinks = events.flatMap(({ at, network, event }) =>
    event.kind === 'uplink' ? [{ at, network, uplink: event }] : [],
  );
}, 60_000);

describe('a simulation', () => {
  it('gives the same bytes for the same seed and others for another', () => {
    const span = { from, until: from + 6 * HOUR };
    expect(texts(messagesOf(span))).toEqual(texts(week.filter(({ at }) => at < span.until)));
    expect(texts(messagesOf({ ...span, seed: 2 })).slice(0, 50)).not.toEqual(texts(week.slice(0, 50)));
  });

  it('begun later gives exactly the rest of one begun earlier, outages included', () => {
    for (const later of [from + 1, from + 2 * DAY + 5 * HOUR + 123, from + 5 * DAY + 7 * MINUTE]) {
      const span = { from: later, until: later + 8 * HOUR };
      expect(texts(messagesOf(span))).toEqual(texts(week.filter(({ at }) => at >= span.from && at < span.until)));
    }
  });

  it('is in order of time and of the size of a district', () => {
    week.slice(1).forEach(({ at }, i) => {
      if (at < (week[i]?.at ?? 0)) throw new Error(`message ${i + 1} comes before the one before it`);
    });
    expect(week.length).toBeGreaterThan(50_000);
    expect(week.length).toBeLessThan(100_000);
  });

  it('refuses a region without simulated things, and devices it has no encoder for', () => {
    expect(() => createSimulation({ seed: 1, region: [], from, encoders })).toThrow(HubError);
    const { messages } = createSimulation({ seed: 1, region: demoRegion({ seed: 1 }), from, encoders: new Map() });
    expect(() => messages.next()).toThrow(/cannot speak for/);
  });
});

describe('its envelopes', () => {
  it('are read by the adapters of the real network servers, every one of them', () => {
    expect(kinds).toEqual(new Set(['uplink', 'join', 'status']));
    const chirpstack = uplinks.filter(({ network }) => network === 'demo-chirpstack').length / uplinks.length;
    expect(chirpstack).toBeGreaterThan(0.65);
    expect(chirpstack).toBeLessThan(0.92);
  });

  it('count frames up from a join, with gaps where radio lost some', () => {
    const last = new Map<string, Uplink>();
    let frames = 0;
    let gaps = 0;
    for (const { network, uplink } of uplinks) {
      const key = `${network} ${uplink.devEui}`;
      const before = last.get(key);
      if (before && before.devAddr === uplink.devAddr && uplink.fCnt > before.fCnt) {
        frames++;
        gaps += uplink.fCnt - before.fCnt - 1;
      }
      if (!before || uplink.fCnt > before.fCnt || uplink.devAddr !== before.devAddr) last.set(key, uplink);
    }
    expect(gaps / frames).toBeGreaterThan(0.003);
    expect(gaps / frames).toBeLessThan(0.05);
    const first = messagesOf({ from: deployedAt, until: deployedAt + 4 * HOUR }).map(parse);
    const joined = new Set(first.flatMap((event) => (event.kind === 'join' ? [event.devEui] : [])));
    expect(joined.size).toBe(demoRegion({ seed: 1 }).filter(({ kind }) => kind === 'device').length);
    const firstUplinks = Map.groupBy(
      first.filter((event) => event.kind === 'uplink'),
      ({ devEui }) => devEui,
    );
    for (const [devEui, list] of firstUplinks) {
      expect(joined.has(devEui)).toBe(true);
      expect(list[0]?.fCnt).toBeLessThan(6);
    }
  });

  it('carry what several gateways heard, with the radio of LoRa', () => {
    const heard = uplinks.map(({ uplink }) => uplink.receptions.length);
    expect(Math.min(...heard)).toBe(1);
    expect(Math.max(...heard)).toBeGreaterThan(2);
    for (const { uplink } of uplinks.slice(0, 5_000)) {
      expect(uplink.spreadingFactor).toBeGreaterThanOrEqual(7);
      for (const { rssiDbm = 0, snrDb = 0 } of uplink.receptions) {
        expect(rssiDbm).toBeGreaterThan(-145);
        expect(rssiDbm).toBeLessThan(-30);
        expect(snrDb).toBeGreaterThanOrEqual(-20);
      }
    }
  });

  it('come twice now and then, and some through both networks within minutes', () => {
    const seen = new Map<string, { readonly at: EpochMs; readonly network: string }>();
    let repeated = 0;
    let roamed = 0;
    for (const { at, network, uplink } of uplinks) {
      const key = `${uplink.devEui} ${uplink.devAddr} ${uplink.fCnt}`;
      const before = seen.get(key);
      if (!before) seen.set(key, { at, network });
      else if (before.network === network) repeated++;
      else {
        roamed++;
        expect(at - before.at).toBeLessThan(8 * HOUR);
      }
    }
    expect(repeated).toBeGreaterThan(30);
    expect(roamed).toBeGreaterThan(100);
  });

  it('arrive hours late after an outage, with the time of their reception and in order', () => {
    const late = uplinks.filter(({ at, uplink }) => at - uplink.receivedAt > 5 * MINUTE);
    expect(late.length).toBeGreaterThan(20);
    expect(Math.max(...late.map(({ at, uplink }) => at - uplink.receivedAt))).toBeGreaterThan(HOUR);
    const highest = new Map<string, number>();
    for (const { network, uplink } of late) {
      expect(uplink.receptions).toHaveLength(1);
      const key = `${network} ${uplink.devEui} ${uplink.devAddr}`;
      expect(uplink.fCnt).toBeGreaterThan(highest.get(key) ?? -1);
      highest.set(key, uplink.fCnt);
    }
  });
});
