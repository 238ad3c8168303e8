import type { MonthCount } from "../../models/project-overview.ts";

/** One bar of a plot: a month or a year, and how many sessions it has. */
export interface Bar {
  /** `2023-03` or `2023`. */
  readonly period: string;
  /** `March 2023` or `2023`. */
  readonly label: string;
  readonly count: number;
}

/** The bars of one storage or tag, or of all sessions. */
export interface Series {
  readonly key: string;
  readonly name: string;
  readonly count: number;
  readonly bars: readonly Bar[];
}

/** All series of a plot over the same periods, without a gap. */
export interface TimePlot {
  readonly unit: "month" | "year";
  readonly series: readonly Series[];
  /** The highest bar. */
  readonly most: number;
  /** The sessions that are older than the first bar. */
  readonly earlier: number;
}

const MONTHS =
  "January February March April May June July August September October November December".split(
    " ",
  );

/**
 * Arranges counts by month on a time axis of at most `most` bars: by month where the months fit, else by year. When
 * the years do not fit either, the last ones are shown.
 */
export function arrange(counts: readonly MonthCount[], most: number): TimePlot {
  const months = counts.map(({ month }) => month).sort();
  const [first = "", last = ""] = [months[0], months.at(-1)];
  const inMonths = first === "" ? 0 : numberOf(last) - numberOf(first) + 1;
  const unit = inMonths <= most ? "month" : "year";
  const periodOf = (month: string) => (unit === "month" ? month : month.slice(0, 4));
  const shown = first === "" ? [] : periodsBetween(periodOf(first), periodOf(last), unit);
  const periods = shown.slice(-most);
  const byKey = Map.groupBy(counts, ({ key }) => key);
  const series = [...byKey].map(([key, ofKey]): Series => {
    const sums = new Map<string, number>();
    for (const { month, count } of ofKey) {
      const period = periodOf(month);
      sums.set(period, (sums.get(period) ?? 0) + count);
    }
    return {
      key,
      name: ofKey[0]?.name ?? key,
      count: ofKey.reduce((sum, { count }) => sum + count, 0),
      bars: periods.map((period) => ({
        period,
        label: labelOf(period),
        count: sums.get(period) ?? 0,
      })),
    };
  });
  const bars = series.flatMap((each) => each.bars);
  const total = series.reduce((sum, { count }) => sum + count, 0);
  return {
    unit,
    series: series.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)),
    most: Math.max(0, ...bars.map(({ count }) => count)),
    earlier: total - bars.reduce((sum, { count }) => sum + count, 0),
  };
}

/** The months since the year 0. */
const numberOf = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;

/** The periods from one to another, in order. A year has four digits, so there are at most 10,000. */
function periodsBetween(from: string, to: string, unit: TimePlot["unit"]): readonly string[] {
  const year = (number: number) => String(number).padStart(4, "0");
  if (unit === "year") {
    const length = Number(to) - Number(from) + 1;
    return Array.from({ length }, (_, index) => year(Number(from) + index));
  }
  const start = numberOf(from);
  return Array.from({ length: numberOf(to) - start + 1 }, (_, index) => {
    const month = start + index;
    return `${year(Math.floor(month / 12))}-${String((month % 12) + 1).padStart(2, "0")}`;
  });
}

function labelOf(period: string): string {
  if (period.length === 4) return period;
  return `${MONTHS[Number(period.slice(5)) - 1]} ${period.slice(0, 4)}`;
}

/** The first day of a period, and the first day after it; undefined for the latter at the end of the calendar. */
export function daysOf(period: string): readonly [from: string, before: string | undefined] {
  const [year = "", month] = period.split("-");
  if (month === undefined) return [`${year}-01-01`, yearAfter(year, "01")];
  const isLast = month === "12";
  const next = String(Number(month) + 1).padStart(2, "0");
  return [`${period}-01`, isLast ? yearAfter(year, "01") : `${year}-${next}-01`];
}

const yearAfter = (year: string, month: string) =>
  year === "9999" ? undefined : `${String(Number(year) + 1).padStart(4, "0")}-${month}-01`;
