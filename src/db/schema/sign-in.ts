import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { checkLength, checkUuid, createdDate, id, instant } from "./columns.ts";
import { users } from "./users.ts";

// How people sign in. Of every secret only the SHA-256 is stored, and every row expires.

const userId = () =>
  text("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

/** A person who is signed in with a browser. The secret is the value of the cookie. */
export const browserSessions = sqliteTable(
  "browser_sessions",
  {
    id: id(),
    userId: userId(),
    secretHash: text("secret_hash").notNull(),
    /** The way in: `sign-in link`, or the name of an identity provider. */
    way: text("way").notNull(),
    createdDate: createdDate(),
    lastUsedDate: instant("last_used_date").notNull(),
    expiresDate: instant("expires_date").notNull(),
  },
  (table) => [
    // Every page looks the cookie up here.
    uniqueIndex("browser_sessions_secret_hash").on(table.secretHash),
    index("browser_sessions_user_id").on(table.userId, table.lastUsedDate),
    index("browser_sessions_expires_date").on(table.expiresDate),
    checkUuid("browser_sessions_id_is_uuid", table.id),
    check("browser_sessions_hash_is_sha256", sql`length(${table.secretHash}) = 64`),
  ],
);

/** A link with which its user signs in once. The administrator's command makes it. */
export const signInLinks = sqliteTable(
  "sign_in_links",
  {
    id: id(),
    userId: userId(),
    secretHash: text("secret_hash").notNull(),
    createdDate: createdDate(),
    expiresDate: instant("expires_date").notNull(),
    usedDate: instant("used_date"),
  },
  (table) => [
    uniqueIndex("sign_in_links_secret_hash").on(table.secretHash),
    index("sign_in_links_user_id").on(table.userId),
    index("sign_in_links_expires_date").on(table.expiresDate),
    checkUuid("sign_in_links_id_is_uuid", table.id),
    check("sign_in_links_hash_is_sha256", sql`length(${table.secretHash}) = 64`),
  ],
);

/** A program that asks for a token, until a person approves it in a browser or it expires. */
export const deviceAuthorizations = sqliteTable(
  "device_authorizations",
  {
    id: id(),
    deviceCodeHash: text("device_code_hash").notNull(),
    /** What a person may type: eight letters and digits, without the dash. */
    userCode: text("user_code").notNull(),
    clientName: text("client_name").notNull(),
    /** The address that the request came from, as `callerOfAddress` gives it. */
    address: text("address").notNull(),
    status: text("status", { enum: ["pending", "approved", "denied", "used"] })
      .notNull()
      .default("pending"),
    /** The user who approved or denied it. */
    userId: text("user_id").references(() => users.id, { onDelete: "cascade" }),
    createdDate: createdDate(),
    expiresDate: instant("expires_date").notNull(),
  },
  (table) => [
    uniqueIndex("device_authorizations_device_code_hash").on(table.deviceCodeHash),
    uniqueIndex("device_authorizations_user_code").on(table.userCode),
    // Bounds how many one address has under way.
    index("device_authorizations_address").on(table.address, table.expiresDate),
    index("device_authorizations_expires_date").on(table.expiresDate),
    index("device_authorizations_user_id").on(table.userId),
    checkUuid("device_authorizations_id_is_uuid", table.id),
    check("device_authorizations_hash_is_sha256", sql`length(${table.deviceCodeHash}) = 64`),
    checkLength("device_authorizations_user_code_length", table.userCode, 8, 8),
    checkLength("device_authorizations_client_name_length", table.clientName, 1, 100),
    check(
      "device_authorizations_status",
      sql`${table.status} IN ('pending', 'approved', 'denied', 'used')`,
    ),
    check(
      "device_authorizations_decided_by_a_user",
      sql`(${table.status} = 'pending') = (${table.userId} IS NULL)`,
    ),
  ],
);

/** A wrong user code that a signed-in person typed. It bounds how many an address may guess. */
export const codeGuesses = sqliteTable(
  "code_guesses",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    address: text("address").notNull(),
    createdDate: instant("created_date").notNull(),
  },
  (table) => [
    index("code_guesses_address").on(table.address, table.createdDate),
    index("code_guesses_created_date").on(table.createdDate),
  ],
);
