import { user as model } from "../../../src/models/user.ts";
import { buildUser } from "../builders.ts";
import { type Fixture, needsOf } from "./fixture.ts";

/** A user's profile; its one owner is the user. */
export const userFixture: Fixture = {
  levels: ["owner"],
  inPersonOnly: true,
  needs: {
    ...needsOf(model, { detail: "anyone", change: "owner" }),
    "GET /users/me": "anyone",
  },
  build: async ({ users = {} }) => ({
    id: (users.owner?.[0] ?? (await buildUser())).id,
    bodies: { "PATCH /users/user/:id": { first_name: "Changed" } },
  }),
};
