import { env } from "cloudflare:workers";

/** One entry of the history, as it is stored. */
export interface StoredEntry {
  readonly id: number;
  readonly userId: string | null;
  readonly action: string;
  readonly model: string;
  readonly record: string;
  readonly projects: readonly string[];
  readonly changes: Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;
}

interface Row {
  readonly id: number;
  readonly user_id: string | null;
  readonly action: string;
  readonly model: string;
  readonly record_id: string;
  readonly projects: string;
  readonly changes: string;
}

/** All that was written down after an entry, in its order: all that there is when none is named. */
export async function readHistory(after = 0): Promise<readonly StoredEntry[]> {
  const { results } = await env.DB.prepare("SELECT * FROM history WHERE id > ? ORDER BY id")
    .bind(after)
    .all<Row>();
  return results.map(({ user_id, record_id, projects, changes, ...row }) => ({
    ...row,
    userId: user_id,
    record: record_id,
    projects: JSON.parse(projects),
    changes: JSON.parse(changes),
  }));
}

/** What a deed wrote down. */
export async function historyOf(deed: () => Promise<unknown>): Promise<readonly StoredEntry[]> {
  const last = (await readHistory()).at(-1)?.id;
  await deed();
  return readHistory(last);
}
