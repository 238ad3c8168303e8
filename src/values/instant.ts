const FORM =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** What `parseInstant` takes, for error messages. */
export const INSTANT_FORM = "YYYY-MM-DDThh:mm[:ss[.ffffff]][Z|+hh:mm|-hh:mm]";

/**
 * Reads an ISO 8601 date-time with `Z`, an offset or nothing (then UTC).
 *
 * @returns the instant in UTC as it is stored, `YYYY-MM-DDThh:mm:ss[.ffffff]` without a zone and with
 * microseconds only where there are some, or undefined for another form, a day or a time that does not
 * exist, or an instant outside the years 1 to 9999.
 */
export function parseInstant(text: string): string | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = "00", fraction = "", zone = "Z"] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const written = utcDate(Number(year), Number(month), Number(day));
  written.setUTCHours(Number(hour), Number(minute), Number(second));
  // A day, an hour or a second that does not exist rolls over, and is then written differently.
  if (written.toISOString().slice(0, 19) !== local) return undefined;
  const offset = offsetMinutes(zone);
  if (offset === undefined) return undefined;
  const utc = new Date(written.getTime() - offset * 60_000);
  if (utc.getUTCFullYear() < 1 || utc.getUTCFullYear() > 9999) return undefined;
  return withMicroseconds(utc.toISOString().slice(0, 19), fraction.padEnd(6, "0"));
}

/** As `parseInstant`, and a bare day (`YYYY-MM-DD`) stands for its start in UTC. */
export function parseInstantOrDay(text: string): string | undefined {
  return parseInstant(DAY.test(text) ? `${text}T00:00Z` : text);
}

/** An instant of the clock in the stored form. */
export function toInstant(date: Date): string {
  const text = date.toISOString();
  return withMicroseconds(text.slice(0, 19), `${text.slice(20, 23)}000`);
}

/** The stored form, `days` days of 24 hours after `date`. */
export function daysAfter(date: Date, days: number): string {
  return toInstant(new Date(date.getTime() + days * 86_400_000));
}

function withMicroseconds(seconds: string, microseconds: string): string {
  return microseconds === "000000" ? seconds : `${seconds}.${microseconds}`;
}

/** `Date.UTC` takes the years 0 to 99 for 1900 to 1999; a setter does not. */
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
