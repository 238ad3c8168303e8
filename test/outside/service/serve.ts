import { startService } from "../../../scripts/platform/service.ts";

// The service on a database as it is, without the demo data of `npm start`, until a signal ends it.

const [ip = "", port = "", directory = ""] = process.argv.slice(2);
const service = await startService({ ip, port: Number(port), directory });
process.on("SIGTERM", () => void service.stop());
