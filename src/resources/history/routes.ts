import { answerList } from "../../http/answer.ts";
import type { Route } from "../../http/route.ts";
import { session } from "../session/fields.ts";
import { historyEntry } from "./fields.ts";
import { readHistory } from "./service.ts";

export const historyRoutes: readonly Route[] = [
  {
    method: "get",
    path: "/stem/session/:id/history",
    portals: ["private"],
    summary: "Read who made, changed and deleted a session, and what of it",
    resource: historyEntry,
    query: "list",
    needs: "read",
    answers: { status: 200, with: "list" },
    handle: async ({ connection, viewer, id, query, url }) => {
      const page = await readHistory(connection, viewer, session, id, query);
      return answerList(historyEntry, page, query, url);
    },
  },
];
