import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { findPort } from "../../scripts/platform/port.ts";
import { Ledger } from "./kill/ledger.ts";
import { type Answers, loadService, makeTarget, readStates, type Target } from "./kill/load.ts";
import { findBroken, findDamage, makeDatabase } from "./service/database.ts";
import { portOption, readWhole, say } from "./service/options.ts";
import { HOST, startService } from "./service/running.ts";

// `npm run kill`: kills the service in the midst of writes, again and again. Whatever a client was told
// must be there when it is back.

/** Between the first write and the kill, in milliseconds. */
const LEAST_LOAD = 50;
const MAX_LOAD = 800;

interface Options {
  readonly times: number;
  readonly port: number;
}

await new Command("npm run kill --")
  .description(
    "Kill the service in the midst of writes, and look whether what clients were told is there.",
  )
  .option("--times <number>", "how often", readWhole, 100)
  .addOption(portOption())
  .action(run)
  .parseAsync();

async function run({ times, port }: Options): Promise<void> {
  const { directory, people } = await makeDatabase(["owner"]);
  say(`The database is in ${directory}.`);
  const answers: Answers = new Map();
  const problems = await killAgainAndAgain(directory, people.owner.token, answers, {
    times,
    port: await findPort(HOST, port),
  });
  const told = [...answers].map(([answer, count]) => `${count} x ${answer}`);
  say(`${times} kills. Answers that clients saw: ${told.join(", ")}. Lost: ${problems.length}.`);
  const broken = [...(await findDamage(directory)), ...(await findBroken(directory))];
  for (const problem of [...problems, ...broken]) say(problem);
  if (problems.length + broken.length === 0) {
    say("The database is whole.");
    await rm(directory, { recursive: true });
  } else {
    say("The database is kept.");
    process.exitCode = 1;
  }
}

/** @returns what is not as clients were told, in sentences */
async function killAgainAndAgain(
  directory: string,
  token: string,
  answers: Answers,
  { times, port }: Options,
): Promise<readonly string[]> {
  const ledger = new Ledger();
  const problems: string[] = [];
  let target: Target | undefined;
  for (let kill = 0; kill < times; kill += 1) {
    const service = await startService(directory, port);
    target ??= await makeTarget(service.base, token);
    if (kill > 0) problems.push(...(await lostFrom(ledger, target, prefixOf(kill - 1))));
    const load = loadService(target, prefixOf(kill), ledger, answers);
    await sleep(LEAST_LOAD + Math.random() * (MAX_LOAD - LEAST_LOAD));
    await service.kill();
    await load;
    if ((kill + 1) % 10 === 0) say(`${kill + 1} kills, ${problems.length} writes lost`);
  }
  const service = await startService(directory, port);
  if (target !== undefined) problems.push(...(await lostFrom(ledger, target, "kill-")));
  await service.stop();
  return problems;
}

function prefixOf(kill: number): string {
  return `kill-${kill}-`;
}

async function lostFrom(ledger: Ledger, target: Target, prefix: string) {
  return ledger.compare(await readStates(target, prefix), prefix);
}
