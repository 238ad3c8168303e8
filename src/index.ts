import type { app as App } from "./app.ts";

let app: typeof App | undefined;

// The app is made when the first request comes, so that an isolate is there at once. What that takes counts
// as the request's: of a resource, the fields and the schemas wait until they are asked for.
export default {
  async fetch(request, env, context) {
    app ??= (await import("./app.ts")).app;
    return app.fetch(request, env, context);
  },
} satisfies ExportedHandler<Cloudflare.Env>;
