// The folders of src/, lowest first: each imports those before it alone.
const LAYERS = ["values", "db", "query", "audit", "model", "models", "auth", "api", "pages"];

const only = (name, packages, folders) => ({
  name,
  severity: "error",
  from: { path: "^src/", pathNot: folders },
  to: { path: packages },
});

export default {
  forbidden: [
    ...LAYERS.map((layer, index) => ({
      name: `${layer}-imports-lower-folders-only`,
      severity: "error",
      from: { path: `^src/${layer}/` },
      to: { path: `^src/(([^/]+\\.tsx?$)|(${LAYERS.slice(index + 1).join("|") || "-"})/)` },
    })),
    {
      name: "no-cycle-between-folders",
      severity: "error",
      scope: "folder",
      from: {},
      to: { circular: true },
    },
    only(
      "hono-is-known-to-app-pages-api-and-auth",
      "node_modules/hono/",
      "^src/(api|auth|pages)/|^src/app\\.ts$",
    ),
    only(
      "drizzle-is-known-to-who-writes-sql",
      "node_modules/drizzle-orm/",
      "^src/(db|query|audit|model|models)/",
    ),
    {
      name: "the-worker-imports-nothing-from-outside-src",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(scripts|test|bench)/" },
    },
  ],
  options: { tsPreCompilationDeps: true, doNotFollow: { path: "node_modules" } },
};
