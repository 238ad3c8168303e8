import type { FC } from "hono/jsx";
import type { Portal } from "../../model/define.ts";
import { MOST_COUNTED, type SessionCounts, type Split } from "../../models/project-overview.ts";
import { arrange, type Bar, daysOf, type Series, type TimePlot } from "./time-axis.ts";

/** The most bars of a plot of all sessions, and of each storage or tag. */
const MOST_BARS = { whole: 60, split: 20 } as const;

/** What a plot of a project's sessions depends on. */
export interface PlotOf {
  readonly id: string;
  readonly portal: Portal;
  readonly counts: SessionCounts;
  readonly split: Split | undefined;
}

/** The name of the filter of the session list for each split. */
const FILTER_OF = { storage: "datastorage", tag: "tags" } as const satisfies Record<Split, string>;

const WORDS = { storage: "data storage", tag: "tag" } as const satisfies Record<Split, string>;

/** The sessions of a project over time: a plot, the same numbers as a table, and other ways to count them. */
export const SessionPlot: FC<{ plot: PlotOf }> = ({ plot }) => {
  const { counts, split } = plot;
  const time = arrange(counts.months, split === undefined ? MOST_BARS.whole : MOST_BARS.split);
  return (
    <section class="card" id="sessions-over-time">
      <h2>Sessions over time</h2>
      <Ways plot={plot} />
      {time.series.length === 0 ? (
        <p class="empty">{nothingToShow(counts, split)}</p>
      ) : (
        <>
          {time.series.map((series) => (
            <Lane plot={plot} time={time} series={series} />
          ))}
          <Remarks plot={plot} time={time} />
          <Numbers plot={plot} time={time} />
        </>
      )}
    </section>
  );
};

function nothingToShow({ total, lastYear }: SessionCounts, split: Split | undefined): string {
  if (total === 0) return "The project has no sessions yet.";
  if (lastYear === null) return "No session of the project has a date.";
  return split === undefined
    ? "No session was recorded in this year."
    : `No session of this time has a ${WORDS[split]}.`;
}

/** Links to the other splits and to other years. */
const Ways: FC<{ plot: PlotOf }> = ({ plot: { counts, split } }) => {
  const { year, firstYear, lastYear } = counts;
  const address = (by: Split | undefined, of: string | null) => {
    const query = [
      ...(by === undefined ? [] : [`by=${by}`]),
      ...(of === null ? [] : [`year=${of}`]),
    ];
    return `?${query.join("&")}#sessions-over-time`;
  };
  const beside = (step: 1 | -1) => {
    const other = String(Number(year) + step).padStart(4, "0");
    const edge = step < 0 ? firstYear : lastYear;
    const isThere = year !== null && edge !== null && (step < 0 ? other >= edge : other <= edge);
    return isThere ? <a href={address(split, other)}>{other}</a> : null;
  };
  return (
    <div class="plot-ways no-print">
      <nav aria-label="How the sessions are counted">
        {([undefined, "storage", "tag"] as const).map((each) => (
          <a href={address(each, year)} aria-current={each === split ? "true" : undefined}>
            {each === undefined ? "All" : `By ${WORDS[each]}`}
          </a>
        ))}
      </nav>
      {year !== null && (
        <nav aria-label="Year">
          {beside(-1)}
          <span aria-current="true">{year}</span>
          {beside(1)}
        </nav>
      )}
    </div>
  );
};

/** The list of the sessions of a period, or of all times, as its page shows it. */
function listAddress({ id, portal, split }: PlotOf, key: string, period?: string): string {
  const [from, before] = period === undefined ? [] : daysOf(period);
  const query = [
    ["filter{projects}", id],
    ...(split === undefined ? [] : [[`filter{${FILTER_OF[split]}}`, key]]),
    ...(from === undefined ? [] : [["filter{date_time.gte}", from]]),
    ...(before === undefined ? [] : [["filter{date_time.lt}", before]]),
  ].map(([name, value = ""]) => `${name}=${encodeURIComponent(value)}`);
  return `/${portal}/stem/session/?${query.join("&")}`;
}

const sessions = (count: number) => (count === 1 ? "1 session" : `${inWords(count)} sessions`);

const inWords = (count: number) => count.toLocaleString("en");

/** The sizes of a drawing, in its own units. */
const SIZE = { left: 44, right: 8, top: 14, bottom: 24, width: 880 } as const;

/** The bars of one series. The table below has the same numbers for those who do not see them. */
const Lane: FC<{ plot: PlotOf; time: TimePlot; series: Series }> = ({ plot, time, series }) => {
  const { split } = plot;
  const height = split === undefined ? 150 : 64;
  const { bars } = series;
  const pitch = Math.min(56, (SIZE.width - SIZE.left - SIZE.right) / bars.length);
  const width = Math.round(SIZE.left + pitch * bars.length + SIZE.right);
  const total = SIZE.top + height + SIZE.bottom;
  return (
    <div class="stack">
      {split !== undefined && (
        <h3 class="lane">
          <a href={listAddress(plot, series.key)}>{series.name}</a>{" "}
          <span class="quiet">{sessions(series.count)}</span>
        </h3>
      )}
      <div class="plot" aria-hidden="true">
        <svg viewBox={`0 0 ${width} ${total}`} width={width} height={total}>
          <title>Sessions over time</title>
          <Scale most={time.most} width={width} height={height} />
          {bars.map((bar, index) => (
            <Column
              bar={bar}
              address={listAddress(plot, series.key, bar.period)}
              x={SIZE.left + index * pitch}
              width={pitch}
              height={(height * bar.count) / Math.max(1, time.most)}
              floor={SIZE.top + height}
              label={tickOf(bar, index, bars.length, time.unit)}
            />
          ))}
        </svg>
      </div>
    </div>
  );
};

/** The lines at nothing and at the highest bar, with their numbers. */
const Scale: FC<{ most: number; width: number; height: number }> = ({ most, width, height }) => (
  <>
    {[0, most].map((count) => {
      const y = SIZE.top + (count === 0 ? height : 0);
      return (
        <>
          <line x1={SIZE.left} x2={width - SIZE.right} y1={y} y2={y} />
          <text x={SIZE.left - 8} y={y + 4} text-anchor="end">
            {inWords(count)}
          </text>
        </>
      );
    })}
  </>
);

interface Place {
  readonly x: number;
  readonly width: number;
  readonly height: number;
  readonly floor: number;
}

const Column: FC<{ bar: Bar; address: string; label: string | undefined } & Place> = ({
  bar,
  address,
  label,
  x,
  width,
  height,
  floor,
}) => (
  <>
    {bar.count > 0 && (
      <a href={address} tabindex={-1}>
        <title>{`${bar.label}: ${sessions(bar.count)}`}</title>
        <rect
          x={rounded(x + width * 0.1)}
          y={rounded(floor - Math.max(2, height))}
          width={rounded(width * 0.8)}
          height={rounded(Math.max(2, height))}
          rx="1.5"
        />
      </a>
    )}
    {label !== undefined && (
      <text x={rounded(x + width / 2)} y={floor + 18} text-anchor="middle">
        {label}
      </text>
    )}
  </>
);

const rounded = (number: number) => Math.round(number * 10) / 10;

/** The label below a bar, where there is room for one. */
function tickOf(
  { period, label }: Bar,
  index: number,
  count: number,
  unit: TimePlot["unit"],
): string | undefined {
  if (unit === "year") return index % Math.ceil(count / 14) === 0 ? period : undefined;
  if (count <= 12)
    return `${label.slice(0, 3)}${index === 0 || period.endsWith("-01") ? ` ${period.slice(0, 4)}` : ""}`;
  return period.endsWith("-01") ? period.slice(0, 4) : undefined;
}

const Remarks: FC<{ plot: PlotOf; time: TimePlot }> = ({ plot, time }) => {
  const { counts, split } = plot;
  const counted = time.series.reduce((sum, { count }) => sum + count, 0);
  const isWhole = split === undefined && counts.year === null && !counts.isCut;
  const undated = counts.total - counted;
  const remarks = [
    ...(counts.total > MOST_COUNTED.sessions
      ? [
          `With more than ${inWords(MOST_COUNTED.sessions)} sessions, one year is counted at a time.`,
        ]
      : []),
    ...(counts.isCut
      ? ["There are more than can be counted here, so that the bars are too low."]
      : []),
    ...(time.earlier > 0 ? [`Not shown: ${sessions(time.earlier)} from before.`] : []),
    ...(split === undefined ? [] : ["A session with several counts for each."]),
    ...(time.series.length === MOST_COUNTED.keys
      ? [`The ${MOST_COUNTED.keys} most frequent are shown.`]
      : []),
  ];
  const without = `/${plot.portal}/stem/session/?filter{projects}=${plot.id}&filter{date_time.isnull}=true`;
  return (
    <>
      {remarks.length > 0 && <p class="quiet">{remarks.join(" ")}</p>}
      {isWhole && undated > 0 && (
        <p class="quiet">
          <a href={without}>{sessions(undated)} without a date</a> not shown.
        </p>
      )}
    </>
  );
};

/** The numbers of the plot as a table, each with a link to the sessions that it counts. */
const Numbers: FC<{ plot: PlotOf; time: TimePlot }> = ({ plot, time: { series, unit } }) => {
  const periods = series[0]?.bars ?? [];
  return (
    <details>
      <summary>The numbers as a table</summary>
      <section class="table-frame" tabindex={0} aria-label="Sessions over time">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">{unit === "month" ? "Month" : "Year"}</th>
              {series.map(({ name }) => (
                <th scope="col">{plot.split === undefined ? "Sessions" : name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {periods.map(
              ({ period, label }, index) =>
                series.some(({ bars }) => bars[index]?.count !== 0) && (
                  <tr>
                    <th scope="row">{label}</th>
                    {series.map(({ key, bars }) => (
                      <td>
                        {bars[index]?.count === 0 ? (
                          "0"
                        ) : (
                          <a href={listAddress(plot, key, period)}>
                            {inWords(bars[index]?.count ?? 0)}
                          </a>
                        )}
                      </td>
                    ))}
                  </tr>
                ),
            )}
          </tbody>
        </table>
      </section>
    </details>
  );
};
