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
