import { env } from "cloudflare:workers";

/** What must never be found in the database: a query for the ids of whatever breaks the rule. */
const INVARIANTS: Readonly<Record<string, string>> = {
  "a project set counts its sessions": `SELECT id FROM project_sets WHERE session_count <>
    (SELECT count(*) FROM sessions WHERE project_set_id = project_sets.id)`,
  "a project set goes with its last session": "SELECT id FROM project_sets WHERE session_count = 0",
  "the members of a project set are those that it names": `SELECT id FROM project_sets
    WHERE (SELECT json_group_array(value ORDER BY key) FROM json_each(project_ids)) IS NOT
    (SELECT json_group_array(project_id ORDER BY position) FROM session_projects
      WHERE project_set_id = project_sets.id)`,
  "a session is in at least one project": `SELECT id FROM sessions WHERE NOT EXISTS
    (SELECT 1 FROM session_projects WHERE project_set_id = sessions.project_set_id)`,
  "names of sessions are unique": "SELECT name FROM sessions GROUP BY name HAVING count(*) > 1",
  "an epoch refers to records of its own session": ["data_acquisition", "behavior", "manipulation"]
    .map(
      (kind) => `SELECT epoch_id FROM epoch_${kind}s
        JOIN epochs ON epochs.id = epoch_id JOIN ${kind}s AS records ON records.id = ${kind}_id
        WHERE epochs.session_id <> records.session_id`,
    )
    .join(" UNION ALL "),
  "no row refers to one that is not there": `SELECT "table" FROM pragma_foreign_key_check`,
};

/** The invariants that the whole database breaks, with what breaks them; none when all is well. */
export async function findBrokenInvariants(): Promise<Readonly<Record<string, unknown>>> {
  const answers = await env.DB.batch(
    Object.values(INVARIANTS).map((query) => env.DB.prepare(query)),
  );
  return Object.fromEntries(
    Object.keys(INVARIANTS)
      .map((rule, index) => [rule, answers[index]?.results] as const)
      .filter(([, rows]) => rows?.length !== 0),
  );
}
