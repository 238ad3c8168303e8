import type { Measurement } from "./report.ts";

// A plot of cost against size, as handwritten SVG: two panels with logarithmic axes, and one line for each
// operation with its name at the end.

const COLOURS: Readonly<Record<string, string>> = {
  detail: "#0072b2",
  "first page": "#d55e00",
  "page at 90 %": "#cc79a7",
  "filter by project": "#009e73",
  "text filter": "#666666",
  create: "#b58900",
};

const WIDTH = 480;
const HEIGHT = 360;
const MARGIN = { top: 48, right: 128, bottom: 48, left: 64 };
const LABEL_HEIGHT = 15;

interface Series {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly (readonly [size: number, value: number])[];
}

/** The SVG of the rows read and of the median latency, against the number of sessions. */
export function drawPlot(measurements: readonly Measurement[]): string {
  const rows = seriesOf(measurements, ({ cost }) => Math.max(1, cost?.rowsRead ?? 1));
  const latency = seriesOf(measurements, ({ service }) => Math.max(0.1, service.p50));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>Rows read and median latency of each operation against the number of sessions</title>`,
    `<rect width="${2 * WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    drawPanel("Rows read a request", rows, 0),
    drawPanel("Median latency, ms", latency, WIDTH),
    "</svg>\n",
  ].join("\n");
}

function seriesOf(
  measurements: readonly Measurement[],
  value: (measurement: Measurement) => number,
): readonly Series[] {
  return Object.entries(COLOURS).map(([name, colour]) => ({
    name,
    colour,
    points: measurements
      .filter(({ operation }) => operation === name)
      .map((measurement) => [measurement.sessions, value(measurement)] as const),
  }));
}

function drawPanel(title: string, series: readonly Series[], left: number): string {
  const points = series.flatMap((one) => one.points);
  const x = axis(
    points.map(([size]) => size),
    MARGIN.left,
    WIDTH - MARGIN.right,
  );
  const y = axis(
    points.map(([, value]) => value),
    HEIGHT - MARGIN.bottom,
    MARGIN.top,
  );
  const drawn = [
    `<text x="${MARGIN.left}" y="24" font-size="15" font-weight="bold">${title}</text>`,
    ...y.ticks.map(
      (tick) =>
        `<path d="M${MARGIN.left} ${y.at(tick)}H${WIDTH - MARGIN.right}" stroke="#ddd"/>` +
        text(MARGIN.left - 8, y.at(tick) + 4, tick.toLocaleString("en"), "end"),
    ),
    ...x.ticks.map((tick) =>
      text(x.at(tick), HEIGHT - MARGIN.bottom + 20, tick.toLocaleString("en"), "middle"),
    ),
    text((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 8, "sessions", "middle"),
    ...series.map(({ colour, points: own }) => {
      const line = own.map(([size, value]) => `${x.at(size)},${y.at(value)}`);
      const dots = line.map((place) => place.split(","));
      return (
        `<polyline points="${line.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>` +
        dots.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`).join("")
      );
    }),
    ...drawLabels(series, y.at),
  ];
  return `<g transform="translate(${left})">\n${drawn.join("\n")}\n</g>`;
}

/** The names at the ends of the lines, moved apart when they overlap. */
function drawLabels(series: readonly Series[], at: (value: number) => number): readonly string[] {
  const labels = series
    .map(({ name, colour, points }) => ({ name, colour, y: at(points.at(-1)?.[1] ?? 1) }))
    .sort((a, b) => b.y - a.y);
  let free = HEIGHT - MARGIN.bottom;
  return labels.map(({ name, colour, y }) => {
    const place = Math.min(y, free);
    free = place - LABEL_HEIGHT;
    return text(WIDTH - MARGIN.right + 10, place + 4, name, "start", colour);
  });
}

function text(x: number, y: number, words: string, anchor: string, colour = "#333"): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${colour}">${words}</text>`;
}

/** A logarithmic axis over whole powers of ten. */
function axis(values: readonly number[], start: number, end: number) {
  const lowest = Math.floor(Math.log10(Math.min(...values)));
  const highest = Math.max(lowest + 1, Math.ceil(Math.log10(Math.max(...values))));
  const ticks = Array.from({ length: highest - lowest + 1 }, (_, step) => 10 ** (lowest + step));
  const at = (value: number) => {
    const part = (Math.log10(value) - lowest) / (highest - lowest);
    return Math.round((start + part * (end - start)) * 10) / 10;
  };
  return { ticks, at };
}
