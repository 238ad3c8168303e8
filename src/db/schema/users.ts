import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import {
  checkFlag,
  checkLength,
  checkUuid,
  createdDate,
  id,
  instant,
  updatedDate,
} from "./columns.ts";

/**
 * A person. Users are never deleted: a deactivated user stays in the history and can no longer authenticate.
 */
export const users = sqliteTable(
  "users",
  {
    id: id(),
    email: text("email").notNull().unique(),
    firstName: text("first_name").notNull().default(""),
    firstNameFolded: text("first_name_folded").notNull().default(""),
    lastName: text("last_name").notNull().default(""),
    lastNameFolded: text("last_name_folded").notNull().default(""),
    website: text("website").notNull().default(""),
    googleScholar: text("google_scholar").notNull().default(""),
    /** The iD that the user shows in the profile, and writes there. It never decides who signs in. */
    orcidId: text("orcid_id").notNull().default(""),
    /** The ORCID iD that signs the user in, in the form of `parseOrcid`. Only the operator writes it. */
    signInOrcid: text("sign_in_orcid").unique(),
    atlasPreference: text("atlas_preference").notNull().default(""),
    isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
    createdDate: createdDate(),
    updatedDate: updatedDate(),
  },
  (table) => [
    checkUuid("users_id_is_uuid", table.id),
    check("users_email_is_lower_case", sql`${table.email} = lower(${table.email})`),
    check("users_email_has_at", sql`${table.email} LIKE '_%@_%'`),
    checkFlag("users_is_active_is_flag", table.isActive),
    checkLength("users_sign_in_orcid_length", table.signInOrcid, 19, 19),
  ],
);

/** A bearer token. Only its SHA-256 is stored. */
export const accessTokens = sqliteTable(
  "access_tokens",
  {
    id: id(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text("name").notNull().default(""),
    tokenHash: text("token_hash").notNull(),
    lifetimeDays: integer("lifetime_days").notNull().default(365),
    createdDate: createdDate(),
    lastUsedDate: instant("last_used_date"),
    expiresDate: instant("expires_date").notNull(),
    revokedDate: instant("revoked_date"),
  },
  (table) => [
    // Every request of the private portal looks the token up here.
    uniqueIndex("access_tokens_token_hash").on(table.tokenHash),
    index("access_tokens_user_id").on(table.userId),
    checkUuid("access_tokens_id_is_uuid", table.id),
    check("access_tokens_hash_is_sha256", sql`length(${table.tokenHash}) = 64`),
    check("access_tokens_lifetime_is_positive", sql`${table.lifetimeDays} > 0`),
  ],
);
