import { app } from "./app.ts";
import { runDaily } from "./daily.ts";

export default {
  fetch: app.fetch,
  scheduled: (_controller, env) => runDaily(env.DB),
} satisfies ExportedHandler<Cloudflare.Env>;
