import { InvalidArgumentError, Option } from "commander";

/** Reads a number above 0 on the command line. */
export function readPositive(text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError("It is not a number above 0.");
}

/** Reads a whole number on the command line. */
export function readWhole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is not a whole number.");
}

export const portOption = () =>
  new Option("--port <number>", "port of the service, 0 for any that is free")
    .argParser(readWhole)
    .default(0);

/** What a person reads while it runs. */
export const say = (text: string) => process.stderr.write(`${text}\n`);
