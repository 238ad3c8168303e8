import { env } from "cloudflare:workers";
import { test } from "vitest";
import { models } from "../../../src/models/all.ts";
import { vocabularyOf } from "../../../src/query/read-model.ts";
import { countingClient } from "../../support/d1-binding.ts";
import { buildShape, countSets, SHAPES } from "../../support/shapes.ts";

const SIZE = Number(env.MODEL_RUNS || 10000);
for (const shape of SHAPES) {
  test(shape.name, async () => {
    await env.DB.exec("DELETE FROM sessions");
    await env.DB.exec("DELETE FROM data_storages");
    await env.DB.exec("DELETE FROM projects");
    const t0 = Date.now();
    const db = await buildShape(shape, SIZE);
    const lines: string[] = [`built in ${Date.now() - t0}`];
    const callers = {
      few: [
        db.few.client.token,
        `SELECT project_id FROM project_users WHERE user_id='${db.few.id}'`,
      ],
      many: [
        db.many.client.token,
        `SELECT project_id FROM project_users WHERE user_id='${db.many.id}'`,
      ],
      public: [undefined, "SELECT id FROM projects WHERE is_public"],
    } as const;
    for (const [who, [token, readable]] of Object.entries(callers)) {
      const sets = await countSets(readable);
      const pairs = await env.DB.prepare(
        `SELECT count(*) n FROM session_projects WHERE project_id IN (${readable})`,
      ).first<{ n: number }>();
      lines.push(`${shape.name} ${who}: S=${sets} E=${pairs?.n} allowed ${1500 + 3 * sets}`);
      for (const m of models) {
        if (!m.verbs.includes("list") || (who === "public" && !m.portals.includes("public")))
          continue;
        const sorts = vocabularyOf(m).sorts;
        const out: string[] = [];
        for (const q of ["", ...sorts.flatMap((s) => [`sort[]=${s}`, `sort[]=-${s}`])]) {
          const { client, cost } = countingClient(token);
          const t = Date.now();
          const answer = await client.get(
            `/api/${who === "public" ? "public" : "private"}${m.path}/?${q}`,
          );
          const over = cost.rowsRead > 1500 + 3 * sets ? "!" : "";
          out.push(
            `${q.replace("sort[]=", "")}=${cost.rowsRead}${over}${answer.status === 200 ? "" : `(${answer.status})`}/${Date.now() - t}ms`,
          );
        }
        lines.push(`  ${m.path}: ${out.join(" ")}`);
      }
    }
    console.log(lines.join("\n"));
    throw new Error("show");
  }, 600_000);
}
