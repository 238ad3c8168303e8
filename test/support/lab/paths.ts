import type { SharedKind } from "./model.ts";

// Where things lie in the private portal, and what clients call them.

export const SESSIONS = "/api/private/stem/session/";
export const ASSOCIATIONS = "/api/private/stem/sessiondatastorage/";
export const GROUPS = "/api/private/users/group/";

export const SHARED = {
  projects: { path: "/api/private/stem/project/", one: "project", groups: "groups" },
  storages: {
    path: "/api/private/personal_attributes/datastorage/",
    one: "datastorage",
    groups: "authenticated_groups",
  },
} as const satisfies Record<SharedKind, unknown>;
