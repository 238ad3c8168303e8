import type { app as App } from "./app.ts";

let app: typeof App | undefined;

// The app is made when the first request comes: what an isolate does before it may answer is next to
// nothing, and of the resources each is made when it is first asked for.
export default {
  async fetch(request, env, context) {
    app ??= (await import("./app.ts")).app;
    return app.fetch(request, env, context);
  },
} satisfies ExportedHandler<Cloudflare.Env>;
