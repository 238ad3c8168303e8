/** The used part of cli-progress, which has no types. */
declare module "cli-progress" {
  export class SingleBar {
    constructor(options: {
      readonly format?: string;
      readonly stream?: NodeJS.WritableStream;
      readonly clearOnComplete?: boolean;
      readonly hideCursor?: boolean;
    });
    start(total: number, value: number): void;
    update(value: number): void;
    stop(): void;
  }
}
