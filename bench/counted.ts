import service from "service-under-test";

// The deployed bundle with a binding that counts. A header of each answer reports the cost.

/** The methods of the binding that call the database; the others only prepare a call. */
const JOURNEYS = new Set<unknown>(["batch", "exec", "dump", "run", "all", "first", "raw"]);
const PREPARATIONS = new Set<unknown>(["prepare", "bind", "withSession"]);

interface Cost {
  trips: number;
  read: number;
  written: number;
}

export default {
  async fetch(request, env, context): Promise<Response> {
    const cost: Cost = { trips: 0, read: 0, written: 0 };
    const answer = await service.fetch(request, { ...env, DB: counting(env.DB, cost) }, context);
    const counted = new Response(answer.body, answer);
    counted.headers.set("X-Cost", `${cost.trips} ${cost.read} ${cost.written}`);
    return counted;
  },
} satisfies ExportedHandler<Cloudflare.Env>;

function counting<Binding extends object>(binding: Binding, cost: Cost): Binding {
  return new Proxy(binding, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...given: unknown[]) => {
        const result = member.apply(target, given);
        if (PREPARATIONS.has(name)) return counting(result, cost);
        if (!JOURNEYS.has(name)) return result;
        cost.trips += 1;
        return result.then((answer: unknown) => {
          for (const { meta } of [answer].flat() as Partial<D1Result>[]) {
            cost.read += meta?.rows_read ?? 0;
            cost.written += meta?.rows_written ?? 0;
          }
          return answer;
        });
      };
    },
  });
}
