const DAY = 86_400_000;

/** Days of one question at most, as the gateway takes them. */
const MOST_DAYS = 366;

const LONDON = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });

/** The day that many days ago in London, `YYYY-MM-DD`. */
export function daysAgo(days: number, now: number): string {
  return LONDON.format(new Date(now - days * DAY));
}

/** What is wrong with a range as it was typed, for the reader; undefined where nothing is. */
export function problemWith({
  from,
  to,
}: {
  readonly from: string;
  readonly to: string;
}): string | undefined {
  const days = (Date.parse(to) - Date.parse(from)) / DAY + 1;
  if (Number.isNaN(days)) return 'Choose a first and a last day.';
  if (days < 1) return 'The last day is before the first one.';
  if (days > MOST_DAYS) return `At most ${MOST_DAYS} days at once.`;
  return undefined;
}
