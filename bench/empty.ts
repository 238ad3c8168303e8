import { Hono } from "hono";

// A Worker with Hono that does nothing: the reference for the start-up of the service and for its first
// answer.
const app = new Hono();

app.get("/", (context) => context.text("empty"));

export default app;
