import { rm } from "node:fs/promises";
import { Command } from "commander";
import { findPort } from "../../scripts/platform/port.ts";
import { type Document, readDocument } from "./fuzz/document.ts";
import { Problems } from "./fuzz/problems.ts";
import { type Asked, type Asker, drawRequests } from "./fuzz/requests.ts";
import { makeWorld, NAMES } from "./fuzz/seeds.ts";
import { Tally } from "./fuzz/tally.ts";
import { findProblem } from "./fuzz/verdict.ts";
import { World } from "./fuzz/world.ts";
import { curlLine } from "./service/curl.ts";
import { findBroken, findDamage, makeDatabase } from "./service/database.ts";
import { portOption, readPositive, readWhole, say } from "./service/options.ts";
import { HOST, logFile, startService } from "./service/running.ts";
import { jsonRequest, type Received, send } from "./service/send.ts";

// `npm run fuzz`: sends the service whatever may come, and holds what it answers and what is then in its
// database to what must be.

const CLIENTS = 8;

/** After how many seconds the whole database is looked over. */
const ROUND = 60;

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly port: number;
}

/** What is known of a run. */
interface Run {
  readonly base: string;
  readonly directory: string;
  readonly requests: Iterator<Asked>;
  readonly tally: Tally;
  readonly problems: Problems;
}

await new Command("npm run fuzz --")
  .description("Send the service random requests to all its routes, and look for what must not be.")
  .option("--minutes <number>", "for how long", readPositive, 10)
  .option("--seed <number>", "what the requests are drawn from", readWhole, Date.now() % 1e9)
  .addOption(portOption())
  .action(fuzz)
  .parseAsync();

async function fuzz({ minutes, seed, port }: Options): Promise<void> {
  const { directory, people } = await makeDatabase(NAMES);
  say(`The seed is ${seed}, the database is in ${directory}.`);
  const service = await startService(directory, await findPort(HOST, port));
  const { base } = service;
  await makeWorld(base, people);
  const document = readDocument((await read(base, people.owner.token, "/api/openapi.json")).body);
  const askers = Object.values(people).map((one) => ({ ...one, world: new World(document) }));
  for (const asker of askers) await lookAround(base, document, asker);
  const requests = drawRequests(document, askers, seed);
  const run = { base, directory, requests, tally: new Tally(), problems: new Problems() };
  const seconds = await runRounds(run, minutes * 60);
  await service.stop();
  for (const damage of await findDamage(directory)) run.problems.add(damage);
  say(run.tally.print(seconds));
  await finish(run, seed);
}

/** Reads all lists. */
async function lookAround(base: string, { operations }: Document, { token, world }: Asker) {
  for (const { path, method } of operations) {
    if (method === "GET" && !path.includes("{")) world.learn(await read(base, token, path));
  }
}

function read(base: string, token: string, path: string): Promise<Received> {
  return send(base, jsonRequest(token, "GET", path));
}

/** @returns for how many seconds requests were sent */
async function runRounds(run: Run, seconds: number): Promise<number> {
  let sent = 0;
  while (sent < seconds && !run.problems.areEnough) {
    const start = performance.now();
    const end = start + Math.min(seconds - sent, ROUND) * 1000;
    await Promise.all(Array.from({ length: CLIENTS }, () => runClient(run, end)));
    sent += (performance.now() - start) / 1000;
    for (const broken of await findBroken(run.directory)) run.problems.add(broken);
    say(`${run.tally.requests} requests, ${run.problems.count} problems`);
  }
  return sent;
}

async function runClient(run: Run, end: number): Promise<void> {
  while (performance.now() < end && !run.problems.areEnough) {
    const { value: asked, done } = run.requests.next();
    if (done) return;
    await ask(run, asked);
  }
}

async function ask({ base, directory, tally, problems }: Run, asked: Asked): Promise<void> {
  const { asker, id, sent } = asked;
  const again = () => curlLine(base, sent, directory);
  try {
    const answer = await send(base, sent);
    tally.count(asked, answer);
    const problem = findProblem(base, sent, answer);
    if (problem !== undefined) problems.add(problem, again);
    // What stands in the path of a request that was changed may be another id.
    asker.world.learn(answer, sent.path.includes(id) ? id : "");
  } catch (error) {
    problems.add(`${asked.operation.path}: ${error}`, again);
  }
}

async function finish({ problems, directory }: Run, seed: number): Promise<void> {
  if (problems.count === 0) {
    say("Nothing was found that must not be, and the database is whole.");
    return rm(directory, { recursive: true });
  }
  say(`${problems.print()}\n${problems.count} problems with the seed ${seed}.`);
  say(`The database is kept; what the service said is in ${logFile(directory)}.`);
  process.exitCode = 1;
}
