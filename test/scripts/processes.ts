import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The processes below one, however deep, without those that have ended and wait to be collected. */
export async function descendantsOf(pid: number): Promise<readonly number[]> {
  const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid=,stat="]);
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const alive = rows.filter(([, , state]) => !state?.startsWith("Z"));
  const below = (parent: number): number[] =>
    alive
      .filter(([, ppid]) => Number(ppid) === parent)
      .flatMap(([child]) => [Number(child), ...below(Number(child))]);
  return below(pid);
}

export async function aliveOf(pids: readonly number[]): Promise<readonly number[]> {
  const { stdout } = await run("ps", ["-A", "-o", "pid=,stat="]);
  const alive = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  return pids.filter((pid) =>
    alive.some(([other, state]) => Number(other) === pid && !state?.startsWith("Z")),
  );
}

/** A socket that listens for TCP connections. */
export interface ListeningSocket {
  readonly isLoopback: boolean;
  readonly port: number;
}

/** The listening sockets of a process and all below it, from what Linux says in `/proc`. */
export async function listeningSocketsOf(pid: number): Promise<readonly ListeningSocket[]> {
  const pids = [pid, ...(await descendantsOf(pid))];
  const inodes = new Set((await Promise.all(pids.map(socketInodesOf))).flat());
  const tables = ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readFile(path, "utf8"));
  const rows = (await Promise.all(tables)).flatMap((table) => table.trim().split("\n").slice(1));
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === LISTENING && inodes.has(inode ?? ""))
    .map(([, local = ""]) => {
      const [address = "", port = ""] = local.split(":");
      return { isLoopback: LOOPBACK.test(address), port: Number.parseInt(port, 16) };
    });
}

/** The state of a listening socket in `/proc/net/tcp`. */
const LISTENING = "0A";

/** 127.0.0.0/8 and ::1 as `/proc/net/tcp` and `/proc/net/tcp6` write them: words of 32 bits, last byte first. */
const LOOPBACK = /^(0000000000000000(FFFF0000|0{8}))?[0-9A-F]{6}7F$|^0{24}01000000$/;

async function socketInodesOf(pid: number): Promise<readonly string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = descriptors.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => ""));
  return (await Promise.all(links)).flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}
