const FORM =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** The form that `parseInstant` accepts, for messages. */
export const INSTANT_FORM = "YYYY-MM-DDThh:mm[:ss[.ffffff]][Z|+hh:mm|-hh:mm]";

/**
 * Reads an ISO 8601 date-time with `Z`, with an offset, or without a zone (then UTC).
 *
 * @returns the instant in its stored form: in UTC as `YYYY-MM-DDThh:mm:ss[.ffffff]`, without a zone, and with
 * microseconds only when they are not zero. Undefined for another form, for a day or a time that does not
 * exist, and for an instant outside the years 1 to 9999.
 */
export function parseInstant(text: string): string | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = "00", fraction = "", zone = "Z"] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const written = utcDate(Number(year), Number(month), Number(day));
  written.setUTCHours(Number(hour), Number(minute), Number(second));
  // A day, an hour or a second that does not exist rolls over, so that the date no longer has the given text.
  if (written.toISOString().slice(0, 19) !== local) return undefined;
  const offset = offsetMinutes(zone);
  if (offset === undefined) return undefined;
  const utc = new Date(written.getTime() - offset * 60_000);
  if (utc.getUTCFullYear() < 1 || utc.getUTCFullYear() > 9999) return undefined;
  return withMicroseconds(utc.toISOString().slice(0, 19), fraction.padEnd(6, "0"));
}

/** As `parseInstant`; a day without a time (`YYYY-MM-DD`) is its start in UTC. */
export function parseInstantOrDay(text: string): string | undefined {
  return parseInstant(DAY.test(text) ? `${text}T00:00Z` : text);
}

/** A day of the calendar in the form `YYYY-MM-DD`; undefined for another form, and for a day that does not exist. */
export function parseDay(text: string): string | undefined {
  return DAY.test(text) && parseInstantOrDay(text) !== undefined ? text : undefined;
}

/** The stored form of a date. */
export function toInstant(date: Date): string {
  const text = date.toISOString();
  return withMicroseconds(text.slice(0, 19), `${text.slice(20, 23)}000`);
}

/** The stored form of the instant `days` days of 24 hours after `date`. */
export function daysAfter(date: Date, days: number): string {
  return toInstant(new Date(date.getTime() + days * 86_400_000));
}

function withMicroseconds(seconds: string, microseconds: string): string {
  return microseconds === "000000" ? seconds : `${seconds}.${microseconds}`;
}

/** `Date.UTC` reads the years 0 to 99 as 1900 to 1999; `setUTCFullYear` does not. */
function utcDate(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date;
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === "Z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(":", "") || "0");
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
