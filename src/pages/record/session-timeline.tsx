import type { FC } from "hono/jsx";
import type { Model, Portal } from "../../model/define.ts";
import { RecordLink } from "./field-value.tsx";
import { newPath, oneOf } from "./paths.ts";
import { titleOf } from "./title.ts";

/** The first records of one kind in a session, and the number of all. */
export interface RecordsOfKind {
  /** The name of the list. */
  readonly label: string;
  readonly model: Model;
  readonly records: readonly Readonly<Record<string, unknown>>[];
  readonly count: number;
}

/** The place of an epoch on the drawing. */
interface Bar {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const WIDTH = 1000;
const BAR = 26;
const TOP = 8;
const AXIS = 24;

/** The epochs of a session as a drawing, and all its records as tables, which say the same in words. */
export const Timeline: FC<{
  kinds: readonly RecordsOfKind[];
  portal: Portal;
  session: string;
  mayAdd: boolean;
}> = ({ kinds, portal, session, mayAdd }) => {
  const [epochs] = kinds;
  return (
    <section class="card">
      <h2>What it contains</h2>
      <Drawing bars={barsOf(epochs?.records ?? [])} />
      {kinds.map((kind) => (
        <Records kind={kind} kinds={kinds} portal={portal} session={session} mayAdd={mayAdd} />
      ))}
    </section>
  );
};

/** The epochs that have a start and an end. */
function barsOf(records: RecordsOfKind["records"]): readonly Bar[] {
  return records.flatMap(({ name, start, end }) =>
    typeof start === "number" && typeof end === "number"
      ? [{ name: String(name), start, end }]
      : [],
  );
}

const Drawing: FC<{ bars: readonly Bar[] }> = ({ bars }) => {
  const first = Math.min(...bars.map(({ start }) => start), 0);
  const last = Math.max(...bars.map(({ end }) => end));
  const span = last - first;
  if (bars.length === 0 || !(span > 0) || !Number.isFinite(span)) return null;
  const rows = rowsOf(bars);
  const at = (seconds: number) => ((seconds - first) / span) * WIDTH;
  const height = TOP + (Math.max(...rows) + 1) * (BAR + 6) + AXIS;
  return (
    <section class="timeline" tabindex={0} aria-label="Timeline">
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        role="img"
        aria-label={`${bars.length} epochs from ${first} to ${last} seconds; the table below has them all.`}
      >
        {bars.map(({ name, start, end }, index) => {
          const x = at(start);
          const width = Math.max(2, at(end) - x);
          const y = TOP + (rows[index] ?? 0) * (BAR + 6);
          return (
            <g class={`bar bar-${index % 4}`}>
              <title>{`${name}: ${start} to ${end} s`}</title>
              <rect x={x.toFixed(1)} y={y} width={width.toFixed(1)} height={BAR} rx="5" />
              {width > 9 * Math.min(name.length, 30) && (
                <text x={(x + 8).toFixed(1)} y={y + 18}>
                  {name.slice(0, 30)}
                </text>
              )}
            </g>
          );
        })}
        <line x1="0" x2={WIDTH} y1={height - AXIS} y2={height - AXIS} class="axis" />
        {[0, 0.25, 0.5, 0.75, 1].map((part) => (
          <text
            x={part * WIDTH}
            y={height - 6}
            class="tick"
            text-anchor={part === 0 ? "start" : part === 1 ? "end" : "middle"}
          >
            {spanText(first + part * span)}
          </text>
        ))}
      </svg>
    </section>
  );
};

/** The row of each bar, so that no two of them overlap. */
function rowsOf(bars: readonly Bar[]): readonly number[] {
  const ends: number[] = [];
  const order = bars
    .map((bar, index) => ({ bar, index }))
    .sort((a, b) => a.bar.start - b.bar.start);
  const rows = new Array<number>(bars.length).fill(0);
  for (const { bar, index } of order) {
    const free = ends.findIndex((end) => end <= bar.start);
    const row = free < 0 ? ends.length : free;
    ends[row] = bar.end;
    rows[index] = row;
  }
  return rows;
}

/** Seconds as people read them: `90 s`, `12 min`, `1.5 h`. */
function spanText(seconds: number): string {
  const size = Math.abs(seconds);
  const [value, unit] =
    size >= 7200 ? [seconds / 3600, "h"] : size >= 120 ? [seconds / 60, "min"] : [seconds, "s"];
  return `${Number(value.toPrecision(3))} ${unit}`;
}

const Records: FC<{
  kind: RecordsOfKind;
  kinds: readonly RecordsOfKind[];
  portal: Portal;
  session: string;
  mayAdd: boolean;
}> = ({ kind: { label, model, records, count }, kinds, portal, session, mayAdd }) => {
  const isEpoch = records.some((record) => "start" in record);
  return (
    <div class="stack">
      <h3>
        {label}
        {count > 0 && <span class="quiet"> ({count})</span>}
      </h3>
      {records.length > 0 && (
        <section class="scroll" tabindex={0} aria-label={`${label}, table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">{model.fields.name ? "Name" : "Record"}</th>
                {isEpoch && <th scope="col">Start</th>}
                {isEpoch && <th scope="col">End</th>}
                {isEpoch && <th scope="col">With</th>}
                <th scope="col">Notes</th>
              </tr>
            </thead>
            <tbody>
              {records.map((record) => (
                <tr>
                  <th scope="row">
                    <RecordLink
                      model={model}
                      portal={portal}
                      id={String(record.id)}
                      name={titleOf(model, record)}
                    />
                  </th>
                  {isEpoch && <td>{seconds(record.start)}</td>}
                  {isEpoch && <td>{seconds(record.end)}</td>}
                  {isEpoch && <td>{partsOf(record, kinds).join(", ")}</td>}
                  <td class="prose">{String(record.notes ?? "")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {records.length === 0 && <p class="empty">None.</p>}
      {count > records.length && (
        <p class="quiet">
          The first {records.length} of {count}.
        </p>
      )}
      {mayAdd && (
        <p class="no-print">
          <a href={`${newPath(model)}?session=${session}`}>Add {oneOf(model)}</a>
        </p>
      )}
    </div>
  );
};

const seconds = (value: unknown) => (typeof value === "number" ? `${value} s` : "");

/** The records that an epoch refers to, by their names. */
function partsOf(
  epoch: Readonly<Record<string, unknown>>,
  kinds: readonly RecordsOfKind[],
): readonly string[] {
  const ids = [epoch.dataacquisition, epoch.behaviors, epoch.manipulations].flat();
  return kinds.flatMap(({ model, records }) =>
    records.filter(({ id }) => ids.includes(id)).map((record) => titleOf(model, record)),
  );
}
