import { recordRoutes } from "../../http/record-routes.ts";
import { type Route, stepRoute } from "../../http/route.ts";
import { group } from "./fields.ts";
import { rulesForLeave } from "./rules.ts";
import { groupInput } from "./schemas.ts";
import { groupKind, leaveGroup } from "./service.ts";

const leave = (method: "get" | "post") =>
  stepRoute({
    method,
    path: "/users/group/:id/leave",
    resource: group,
    summary: "Leave a group",
    needs: ({ id }) => rulesForLeave(id),
    step: ({ connection, viewer, id }) => leaveGroup(connection, viewer, id),
  });

export const groupRoutes: readonly Route[] = [
  ...recordRoutes({
    path: "/users/group",
    named: ["a group", "groups"],
    body: groupInput,
    kind: groupKind,
    readIn: ["private"],
  }),
  // The clients know no other verb for it than GET.
  leave("get"),
  leave("post"),
];
