import { startService } from "../../../scripts/platform/service.ts";

// The service on a database as it is, without the demo data of `npm start`, until a signal ends it. All
// its callers have one address, and send more with no token or a wrong one than a stranger may.

const [ip = "", port = "", directory = ""] = process.argv.slice(2);
const service = await startService({
  ip,
  port: Number(port),
  directory,
  addressLimit: 1_000_000,
});
process.on("SIGTERM", () => void service.stop());
