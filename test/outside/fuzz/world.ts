import type { Answer } from "../../support/client.ts";
import type { Document } from "./document.ts";

/** An object as the service showed it. */
export type Shown = Readonly<Record<string, unknown>>;

/** How many objects of a kind are remembered. */
const MOST = 100;

/** The objects that the service has shown, the latest of each kind, to speak of them in requests. */
export class World {
  readonly #document: Document;
  readonly #objects = new Map<string, Map<string, Shown>>();
  readonly #tags = new Map<string, string>();

  constructor(document: Document) {
    this.#document = document;
  }

  /** Remembers what an answer shows of the object with an id, or of others; forgets what is not there. */
  learn({ status, body, text, headers }: Answer, id = ""): void {
    if (status === 204 || status === 404) this.forget(id);
    for (const [, absent = ""] of text.matchAll(/Invalid pk \\"([^"\\]*)/g)) this.forget(absent);
    if (status >= 300 || typeof body !== "object" || body === null) return;
    for (const [word, value] of Object.entries<Shown | readonly Shown[]>(body)) {
      const kind = this.#document.kindOf(word);
      if (kind === undefined) continue;
      for (const object of [value].flat()) this.#remember(kind, object);
    }
    const tag = headers.get("ETag");
    if (tag !== null) this.#tags.set(id, tag);
  }

  #remember(kind: string, object: Shown): void {
    const id = object?.id;
    if (typeof id !== "string") return;
    const objects = this.#objects.get(kind) ?? new Map<string, Shown>();
    this.#objects.set(kind, objects);
    const known = objects.get(id);
    objects.delete(id);
    objects.set(id, { ...known, ...this.#withIds(object) });
    const [oldest] = objects.keys();
    if (objects.size > MOST && oldest !== undefined) this.forget(oldest);
  }

  /** The object with ids in the place of the objects that it includes, which are remembered too. */
  #withIds(object: Shown): Shown {
    const entries = Object.entries(object).map(([field, value]) => {
      const kind = Array.isArray(value) ? this.#document.kindOf(field) : undefined;
      if (kind === undefined || !Array.isArray(value)) return [field, value];
      for (const included of value) this.#remember(kind, included);
      return [field, value.map((one) => one?.id ?? one)];
    });
    return Object.fromEntries(entries);
  }

  forget(id: string): void {
    for (const objects of this.#objects.values()) objects.delete(id);
    this.#tags.delete(id);
  }

  /** One of the objects of a kind, or of the kind that a word of the wire stands for. */
  pick(word: string, index: number): Shown | undefined {
    const objects = this.#objects.get(this.#document.kindOf(word) ?? word);
    return objects && [...objects.values()][index % objects.size];
  }

  object(kind: string, id: string): Shown | undefined {
    return this.#objects.get(kind)?.get(id);
  }

  /** The `ETag` under which an object was last read. */
  tag(id: string): string | undefined {
    return this.#tags.get(id);
  }

  /** Whether a word of the wire stands for objects. */
  isRelation(word: string): boolean {
    return this.#document.kindOf(word) !== undefined;
  }
}
