import { changeRoute, detailRoute, listRoute, type Route } from "../../http/route.ts";
import { user } from "./fields.ts";
import { rulesForProfile } from "./rules.ts";
import { profileInput } from "./schemas.ts";
import { changeProfile } from "./service.ts";

/** Users are nobody's business without a token, and made and deactivated by the operator alone. */
export const userRoutes: readonly Route[] = [
  listRoute({
    path: "/users/user",
    resource: user,
    summary: "List users",
    portals: ["private"],
  }),
  detailRoute({
    path: "/users/user/:id",
    resource: user,
    summary: "Read a user",
    portals: ["private"],
  }),
  changeRoute({
    path: "/users/user/:id",
    resource: user,
    summary: "Change one's own profile",
    body: profileInput,
    needs: ({ id }) => rulesForProfile(id),
    write: ({ connection, viewer, id, input }) => changeProfile(connection, viewer, id, input),
  }),
];
