import type { LiveEvent } from '../../model/live.ts';
import { formatTime } from '../../model/time.ts';
import type { SeenObservation } from '../access.ts';
import { presentJudged } from '../series/quality-query.ts';
import type { Stream } from '../visibility.ts';

/** An observation as it is told while it happens, over SSE as over MQTT. */
export const presentLive = (
  { datastream, thing, site, municipality, useCase }: Stream,
  observation: SeenObservation,
): Readonly<Record<string, unknown>> => ({
  datastream: datastream.id,
  property: datastream.property,
  ...(datastream.channel !== undefined && { channel: datastream.channel }),
  unit: datastream.unit,
  ...presentJudged(observation),
  ...(observation.withheld && { withheld: true }),
  phenomenonTime: formatTime(observation.phenomenonTime),
  receivedAt: formatTime(observation.receivedAt),
  useCase,
  thing: thing.id,
  ...(site && { site: site.id }),
  ...(municipality && { municipality: municipality.id }),
});

/** Server-sent events (WHATWG HTML), each text made once however many read it. */
export class LiveTexts {
  readonly #plain = new Map<LiveEvent, string>();
  readonly #withheld = new Map<LiveEvent, string>();

  of(event: LiveEvent, stream: Stream, seen: SeenObservation): string {
    const texts = seen.withheld ? this.#withheld : this.#plain;
    const known = texts.get(event);
    if (known !== undefined) return known;
    const text = `id: ${event.id}\nevent: observation\ndata: ${JSON.stringify(presentLive(stream, seen))}\n\n`;
    texts.set(event, text);
    return text;
  }
}
