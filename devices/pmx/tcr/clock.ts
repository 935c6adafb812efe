const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** An interval's end may lie ahead of its reception by no more than two clocks may differ. */
const AHEAD = 10 * MINUTE;

/**
 * The TCR says when its interval ended as hour and minute of its own clock, without a day: it is the day on which that
 * lies nearest to the reception. `utcOffsetMinutes` is how far the device's clock is ahead of UTC (0, or 60 for a clock
 * that was set to Central European Time). Epoch ms in and out; undefined where the end lies in the future, which shows
 * a wrong clock or offset.
 */
export const intervalEnd = (
  { hour, minute }: { hour: number; minute: number },
  utcOffsetMinutes: number,
  receivedAt: number,
): number | undefined => {
  if (hour > 23 || minute > 59) return undefined;
  const sinceMidnight = hour * HOUR + minute * MINUTE - utcOffsetMinutes * MINUTE;
  const day = Math.round((receivedAt - sinceMidnight) / DAY) * DAY;
  const end = day + sinceMidnight;
  return end > receivedAt + AHEAD ? undefined : end;
};

/**
 * As intervalEnd, for a clock that follows the summer time of a zone (IANA name such as `Europe/Berlin`): the latest
 * instant not after the reception at which such a clock shows hour and minute. An hour that comes twice in autumn is told apart by the
 * reception, one that is left out in spring is no time at all. Epoch ms in and out; undefined where no such instant lies
 * within half a day before the reception, which shows a wrong clock or zone. Throws a RangeError for an unknown zone.
 */
export const intervalEndInZone = (
  { hour, minute }: { hour: number; minute: number },
  zone: string,
  receivedAt: number,
): number | undefined => {
  if (hour > 23 || minute > 59) return undefined;
  const today = Temporal.Instant.fromEpochMilliseconds(receivedAt).toZonedDateTimeISO(zone).toPlainDate();
  const shown = { hour, minute };
  const candidates = [-1, 0, 1].flatMap((days) => {
    const local = today.add({ days }).toPlainDateTime(shown);
    return (['earlier', 'later'] as const)
      .map((disambiguation) => local.toZonedDateTime(zone, { disambiguation }))
      .filter((zoned) => zoned.hour === hour && zoned.minute === minute)
      .map((zoned) => zoned.epochMilliseconds);
  });
  const past = candidates.filter((end) => end <= receivedAt + AHEAD);
  const end = Math.max(...past);
  return receivedAt - end <= 12 * 60 * MINUTE ? end : undefined;
};
