import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import {
  buildEquipment,
  buildInventory,
  buildProcedure,
  buildProcedureLog,
  buildProject,
  buildSession,
  buildSetup,
  buildStock,
  buildSubject,
  buildUser,
} from "../support/builders.ts";
import { buildRecord, recordModel } from "../support/module-records.ts";

// Filters by what stands behind another record, for which the public MATLAB client asks.

const idsOf = (records: readonly { readonly id: string }[]) => records.map(({ id }) => id);

async function buildAll() {
  const reader = await buildUser();
  const users = { member: [reader] };
  const project = await buildProject({ users });
  const hidden = await buildProject();
  const subject = await buildSubject({ projects: [project] });
  const secret = await buildSubject({ projects: [hidden] });
  const inventory = await buildInventory({ users });
  const setup = await buildSetup({ users });
  return { reader, project, hidden, subject, secret, inventory, setup };
}

describe("GET /api/private/modules/procedurelog/?filter{subject}", () => {
  test("finds the logs of the procedures on a subject", async () => {
    const { reader, subject, project } = await buildAll();
    const log = await buildProcedureLog(await buildProcedure(subject));
    const other = await buildSubject({ projects: [project] });
    const elsewhere = await buildProcedureLog(await buildProcedure(other));
    const find = async (filter: string) =>
      idsOf(
        (await reader.client.get(`/api/private/modules/procedurelog/?${filter}`)).body
          .procedure_logs,
      );
    expect(await find(`filter{subject.id}=${subject.id}`)).toEqual([log.id]);
    expect(await find(`filter{-subject}=${subject.id}`)).toEqual([elsewhere.id]);
  });
});

describe("GET /api/private/modules/consumablestock/?filter{subject}", () => {
  test("finds the stocks that procedures on a subject used, if the caller may see these", async () => {
    const { reader, subject, secret, inventory } = await buildAll();
    const [used, unused, usedInSecret] = [
      await buildStock(inventory),
      await buildStock(inventory),
      await buildStock(inventory),
    ];
    const use = async (stock: { readonly id: string }, on: { readonly id: string }) => {
      const { id } = await buildProcedure(on);
      await env.DB.prepare("UPDATE procedures SET consumablestock = ? WHERE id = ?")
        .bind(stock.id, id)
        .run();
    };
    await use(used, subject);
    await use(usedInSecret, secret);
    const find = async (filter: string) =>
      idsOf(
        (await reader.client.get(`/api/private/modules/consumablestock/?${filter}`)).body[
          "consumable stocks"
        ],
      );
    expect(await find(`filter{subject.id}=${subject.id}`)).toEqual([used.id]);
    expect(await find(`filter{subject}=${secret.id}`)).toEqual([]);
    expect(new Set(await find("filter{subject.isnull}=true"))).toEqual(
      new Set([unused.id, usedInSecret.id]),
    );
  });
});

describe("GET /api/private/modules/equipment/?filter{session}", () => {
  test("finds the devices that the records of a session name, if the caller may see it", async () => {
    const { reader, project, hidden, setup } = await buildAll();
    const [recorded, manipulated, unused] = [
      await buildEquipment(setup),
      await buildEquipment(setup),
      await buildEquipment(setup),
    ];
    const session = await buildSession({ projects: [project] });
    const secret = await buildSession({ projects: [hidden] });
    const named = (device: { readonly id: string }) => ({ equipment: JSON.stringify([device.id]) });
    await buildRecord(recordModel("dataacquisition"), session, named(recorded));
    await buildRecord(recordModel("manipulation"), session, named(manipulated));
    await buildRecord(recordModel("dataacquisition"), secret, named(unused));
    const find = async (filter: string) =>
      idsOf((await reader.client.get(`/api/private/modules/equipment/?${filter}`)).body.equipment);
    expect(new Set(await find(`filter{session.id}=${session.id}`))).toEqual(
      new Set([recorded.id, manipulated.id]),
    );
    expect(await find(`filter{session}=${secret.id}`)).toEqual([]);
    expect(await find(`filter{-session}=${session.id}`)).toEqual([unused.id]);
  });
});
