import { raw } from "hono/html";
import type { FC } from "hono/jsx";

/** A value of schema.org: `{"@type": "Dataset", ...}`. */
export type StructuredData = Readonly<Record<string, unknown>>;

/** The public record that a `Dataset` describes, as the public portal answers it. */
export interface PublicRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly date_time?: string | null;
  readonly download_links?: readonly { readonly url: string }[];
}

/** The shortest and the longest description that search engines take for a data set. */
const DESCRIPTION = { least: 50, most: 5_000 } as const;

/** How many tags and links of a data set are named. */
const MOST_NAMED = 100;

/**
 * A public project or session as a `Dataset` of schema.org, for search engines for data.
 *
 * @param address the address of the page of the record
 */
export function datasetOf(
  kind: "project" | "session",
  record: PublicRecord,
  address: string,
): StructuredData {
  const { id, name, description, tags, date_time: dateTime, download_links: links = [] } = record;
  const about =
    kind === "project"
      ? `The project ${name} in a session registry for neuroscience, with its recording sessions.`
      : `The recording session ${name} in a session registry for neuroscience.`;
  const text = description.trim();
  const isLong = [...text].length >= DESCRIPTION.least;
  return {
    "@context": "https://schema.org",
    "@type": "Dataset",
    "@id": address,
    url: address,
    identifier: id,
    name,
    description: cut(isLong ? text : `${about} ${text}`.trim()),
    isAccessibleForFree: true,
    ...(tags.length > 0 && { keywords: tags.slice(0, MOST_NAMED) }),
    ...(dateTime != null && { temporalCoverage: dateTime }),
    ...(links.length > 0 && {
      distribution: links.slice(0, MOST_NAMED).map(({ url }) => ({
        "@type": "DataDownload",
        contentUrl: url,
      })),
    }),
    includedInDataCatalog: catalogOf(new URL(address).origin),
  };
}

/** The beginning of a text that is too long, without half a character at its end. */
const cut = (text: string) => text.slice(0, DESCRIPTION.most).replace(/[\uD800-\uDBFF]$/, "");

/** This service as a `DataCatalog` of schema.org. */
export function catalogOf(origin: string): StructuredData {
  return { "@type": "DataCatalog", name: "BrainSTEM session registry", url: `${origin}/` };
}

/**
 * Structured data in a page. A browser runs no script of this type. A `<` is escaped, so that no text in the
 * data ends the element.
 */
export const StructuredDataScript: FC<{ data: StructuredData }> = ({ data }) => (
  <script type="application/ld+json">{raw(JSON.stringify(data).replaceAll("<", "\\u003c"))}</script>
);
