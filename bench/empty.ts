import { Hono } from "hono";

// A Worker on Hono that does nothing: the measure for the start-up of the service, and for its first answer.
const app = new Hono();

app.get("/", (context) => context.text("empty"));

export default app;
