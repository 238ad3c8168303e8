import type { Measurement } from "./report.ts";

// A plot of cost against size, as handwritten SVG: for each shape of the data two panels with logarithmic axes, and
// one line for each kind of list with its name at the end.

const COLOURS = [
  "#0072b2",
  "#d55e00",
  "#cc79a7",
  "#009e73",
  "#666666",
  "#b58900",
  "#5d3a9b",
  "#1a85ff",
  "#8b4513",
  "#d41159",
  "#4b7d00",
  "#00868b",
  "#994f00",
  "#40407a",
  "#7a0f2b",
  "#2f4f4f",
];

const WIDTH = 540;
const HEIGHT = 420;
const MARGIN = { top: 48, right: 172, bottom: 48, left: 64 };
const LABEL_HEIGHT = 15;

interface Series {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly (readonly [size: number, value: number])[];
}

/** The SVG of the rows read and of the median latency of lists, against the number of sessions. */
export function drawPlot(all: readonly Measurement[]): string {
  const lists = all.filter(({ isList }) => isList);
  const shapes = [...new Set(lists.map(({ shape }) => shape))];
  const panels = shapes.flatMap((shape, row) => {
    const measurements = lists.filter((one) => one.shape === shape);
    const rows = seriesOf(measurements, ({ cost }) => Math.max(1, cost?.rowsRead ?? 1));
    const latency = seriesOf(measurements, ({ service }) => Math.max(0.1, service.p50));
    const about = shape === undefined ? "" : `, ${shape}`;
    return [
      drawPanel(`Rows read a request${about}`, rows, [0, row * HEIGHT]),
      drawPanel(`Median latency, ms${about}`, latency, [WIDTH, row * HEIGHT]),
    ];
  });
  const size = [2 * WIDTH, shapes.length * HEIGHT];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.join(" ")}" font-family="sans-serif" font-size="12">`,
    `<title>Rows read and median latency of each kind of list against the number of sessions</title>`,
    `<rect width="${size[0]}" height="${size[1]}" fill="#fff"/>`,
    ...panels,
    "</svg>\n",
  ].join("\n");
}

function seriesOf(
  measurements: readonly Measurement[],
  value: (measurement: Measurement) => number,
): readonly Series[] {
  const names = [...new Set(measurements.map(({ operation }) => operation))];
  return names.map((name, index) => ({
    name,
    colour: COLOURS[index % COLOURS.length] ?? "#000",
    points: measurements
      .filter(({ operation }) => operation === name)
      .map((measurement) => [measurement.sessions, value(measurement)] as const),
  }));
}

function drawPanel(
  title: string,
  series: readonly Series[],
  place: readonly [left: number, top: number],
): string {
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
      const dots = line.map((point) => point.split(","));
      return (
        `<polyline points="${line.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>` +
        dots.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`).join("")
      );
    }),
    ...drawLabels(series, y.at),
  ];
  return `<g transform="translate(${place.join(" ")})">\n${drawn.join("\n")}\n</g>`;
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
