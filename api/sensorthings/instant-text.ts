import { DAY, type EpochMs, formatTime } from '../../model/time.ts';

/** Days that are remembered: answers are full of instants of few days. */
const MAX_DAYS = 4_000;
const days = new Map<number, string>();
const TWO_DIGITS = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, '0'));
const two = (number: number): string => TWO_DIGITS[number] ?? '';

/** As formatTime, several times as fast: the date of a day is made once. */
export const instantText = (time: EpochMs): string => {
  const day = Math.floor(time / DAY);
  let date = days.get(day);
  if (date === undefined) {
    if (days.size >= MAX_DAYS) days.clear();
    date = formatTime(day * DAY).slice(0, -'00:00:00.000Z'.length);
    days.set(day, date);
  }
  const ms = time - day * DAY;
  const s = Math.floor(ms / 1_000);
  const rest = Math.floor(ms - s * 1_000);
  const minutes = Math.floor(s / 60);
  const hours = Math.floor(minutes / 60);
  const fraction = rest === 0 ? '000' : String(rest).padStart(3, '0');
  return `${date}${two(hours)}:${two(minutes - hours * 60)}:${two(s - minutes * 60)}.${fraction}Z`;
};
