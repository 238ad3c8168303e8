import { app } from "./app.ts";

export default app satisfies ExportedHandler<Cloudflare.Env>;
