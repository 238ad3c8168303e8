import { SingleBar } from "cli-progress";

export interface Progress {
  update(done: number): void;
  stop(): void;
}

/** A progress bar on stderr. It is shown only when stderr is a terminal. */
export function startProgress(what: string, total: number): Progress {
  const bar = new SingleBar({
    format: `${what} {bar} {value}/{total}`,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(total, 0);
  return bar;
}
