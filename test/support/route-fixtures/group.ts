import { group as model } from "../../../src/models/group.ts";
import { buildHeldGroup, buildUser, unique } from "../builders.ts";
import { type Fixture, needsOf, withAliases } from "./fixture.ts";

export const groupFixture: Fixture = {
  levels: ["member", "manager", "owner"],
  inPersonOnly: true,
  needs: withAliases(model, {
    ...needsOf(model, {
      create: "anyone",
      detail: "anyone",
      replace: "manager",
      change: "manager",
      remove: "owner",
    }),
    "GET /users/group/:id/leave": "member",
    "POST /users/group/:id/leave": "member",
  }),
  build: async ({ users = {} }) => {
    // Somebody who stays, so that an owner may leave, and somebody to be let in.
    const stays = await buildUser();
    const comes = await buildUser();
    const { id, name } = await buildHeldGroup({
      ...users,
      owner: [...(users.owner ?? []), stays],
    });
    return {
      id,
      bodies: withAliases(model, {
        "POST /users/group": { name: unique("written") },
        "PUT /users/group/:id": { name, users: { [comes.email]: {} } },
        "PATCH /users/group/:id": { users: { [comes.email]: {} } },
      }),
    };
  },
};
