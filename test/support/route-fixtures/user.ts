import { buildUser } from "../builders.ts";
import type { Fixture } from "./fixture.ts";

/** A user's profile; its one owner is the user. */
export const userFixture: Fixture = {
  levels: ["owner"],
  inPersonOnly: true,
  needs: {
    "GET /users/user": "anyone",
    "GET /users/user/:id": "anyone",
    "PATCH /users/user/:id": "owner",
  },
  build: async ({ users = {} }) => ({
    id: (users.owner?.[0] ?? (await buildUser())).id,
    bodies: { "PATCH /users/user/:id": { first_name: "Changed" } },
  }),
};
