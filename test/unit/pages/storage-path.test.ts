import { describe, expect, test } from "vitest";
import { type Located, pathInStorage } from "../../../src/pages/record/storage-path.ts";

const session: Located = {
  name: "Baseline_Recording",
  nameUsedInStorage: "ses01_baseline",
  projects: ["Memory_Study_2024", "Other"],
  dateTime: "2024-03-01T10:00:00Z",
};

const organized = (...elements: readonly string[]) => elements.map((each) => ({ elements: each }));

describe("the path of a session in a data storage", () => {
  test.each([
    [
      "/mnt/labserver/data/",
      organized("Projects", "Sessions"),
      "/mnt/labserver/data/Memory_Study_2024/ses01_baseline/",
    ],
    ["smb://server/data", organized("Years", "Sessions"), "smb://server/data/2024/ses01_baseline/"],
    ["D:\\Lab_Data\\", organized("Sessions"), "D:\\Lab_Data\\ses01_baseline\\"],
    ["\\\\server\\share", organized("Sessions"), "\\\\server\\share\\ses01_baseline\\"],
    ["/", organized("Sessions"), "/ses01_baseline/"],
    ["", organized("Sessions"), "ses01_baseline/"],
    ["/data", [], "/data"],
  ])("%j with %j is %s", (base, organization, path) => {
    expect(pathInStorage(base, organization, session)).toEqual({ path, isPartial: false });
  });

  test("names what is not known here after what it is", () => {
    const organization = organized("Projects", "Subjects", "Sessions", "Years", "Somethings");
    const unknown = { ...session, projects: [], dateTime: null };
    expect(pathInStorage("/data", organization, unknown)).toEqual({
      path: "/data/<project>/<subject>/ses01_baseline/<year>/<something>/",
      isPartial: true,
    });
    expect(pathInStorage("/data", [{}, 1, "x"], session)?.path).toBe(
      "/data/<folder>/<folder>/<folder>/",
    );
  });

  test("has the session's own name when it had no other in the storage", () => {
    const unnamed = { ...session, nameUsedInStorage: "" };
    expect(pathInStorage("/data", organized("Sessions"), unnamed)?.path).toBe(
      "/data/Baseline_Recording/",
    );
  });

  test("is not there without a base and an organization", () => {
    expect(pathInStorage(" ", [], session)).toBeUndefined();
  });
});
