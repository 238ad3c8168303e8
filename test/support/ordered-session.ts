import {
  type BuiltUser,
  buildDataStorage,
  buildProject,
  buildSession,
  buildUser,
} from "./builders.ts";
import type { Client } from "./client.ts";

export const ASSOCIATIONS = "/api/private/stem/sessiondatastorage/";
export const SESSIONS = "/api/private/stem/session/";

/** A contributor with a session on some of the data storages A, B, C, D and E. */
export interface OrderedSession {
  readonly user: BuiltUser;
  readonly client: Client;
  readonly id: string;
  readonly projectId: string;
  /** The ids of the storages by letter; ids of other storages are what they are. */
  readonly storages: Readonly<Record<string, string>>;
  /** The ids of the associations by the letter of their storage, as the session was built. */
  readonly associations: Readonly<Record<string, string>>;
  /** Which storages the session has now, in the order of its associations: `"ABC"`. */
  readonly readOrder: () => Promise<string>;
}

/** @param letters the storages that the session has, in their order */
export async function buildOrderedSession(letters = "ABC"): Promise<OrderedSession> {
  const user = await buildUser();
  const sharing = { users: { contributor: [user] } };
  const project = await buildProject(sharing);
  const all = await Promise.all([..."ABCDE"].map(() => buildDataStorage(sharing)));
  const storages = Object.fromEntries(
    [..."ABCDE"].map((letter, index) => [letter, all[index]?.id]),
  );
  const idOf = (letter: string) => storages[letter] ?? letter;
  const session = await buildSession({
    projects: [project],
    dataStorages: [...letters].map((letter) => ({ id: idOf(letter) })),
  });
  const letterOf = (id: string) => Object.keys(storages).find((key) => storages[key] === id) ?? "?";
  const readOrder = async () => {
    const { body } = await user.client.get(
      `${ASSOCIATIONS}?filter{session}=${session.id}&limit=100`,
    );
    const rows: { order: number; datastorage: string }[] = body.sessiondatastorages;
    // Dense and from 0, always: a rank that is off shows in the text.
    return rows
      .map(({ order, datastorage }, index) =>
        order === index ? letterOf(datastorage) : `${letterOf(datastorage)}(${order})`,
      )
      .join("");
  };
  return {
    user,
    client: user.client,
    id: session.id,
    projectId: project.id,
    storages: Object.fromEntries([..."ABCDE"].map((letter) => [letter, idOf(letter)])),
    associations: Object.fromEntries(
      [...letters].map((letter, index) => [letter, session.associationIds[index] ?? ""]),
    ),
    readOrder,
  };
}
