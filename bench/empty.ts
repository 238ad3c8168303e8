import { Hono } from "hono";

// What a Worker on Hono is before it does anything: the measure for the start-up of the service.
const app = new Hono();

app.get("/", (context) => context.text("empty"));

export default app;
