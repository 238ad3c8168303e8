import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll } from "vitest";

// Every test file starts with an empty database of the newest schema.
beforeAll(async () => {
  // A database that has been put to sleep since its last use would be passed over by the reset.
  await env.DB.prepare("SELECT 1").run();
  await reset();
  await applyD1Migrations(env.DB, env.MIGRATIONS);
});
