// The address of a list page is its whole state, in the parameters of the API.

/** The parameter that a form of the list adds, so that empty inputs can be told from empty values. */
export const FROM_FORM = "apply";

/** The parameters that say which page of the list is shown, and not which list. */
const OF_PAGE = ["offset", "after", "format"] as const;

/** The parameters that ask for fewer rows. A list without them is the whole list of the model. */
const asksForFewer = (name: string) => name === "search" || name.startsWith("filter{");

/** A list page: its path, and its parameters in the order of the address. */
export class ListAddress {
  readonly path: string;
  readonly parameters: URLSearchParams;

  constructor(path: string, parameters: URLSearchParams) {
    this.path = path;
    this.parameters = parameters;
  }

  /** The address with some parameters changed. Another list begins at its first page. */
  with(change: (parameters: URLSearchParams) => void): ListAddress {
    const parameters = new URLSearchParams(this.parameters);
    for (const name of OF_PAGE) parameters.delete(name);
    change(parameters);
    return new ListAddress(this.path, parameters);
  }

  /** The list without one value of a parameter, or without all of its values. */
  without(name: string, value?: string): ListAddress {
    return this.with((parameters) => parameters.delete(name, value));
  }

  /** The list without its filters and its search. */
  whole(): ListAddress {
    return this.with((parameters) => {
      for (const name of [...parameters.keys()].filter(asksForFewer)) parameters.delete(name);
    });
  }

  get isFiltered(): boolean {
    return [...this.parameters.keys()].some(asksForFewer);
  }

  get href(): string {
    const text = readable(this.parameters);
    return text === "" ? this.path : `${this.path}?${text}`;
  }
}

/** A query string that people can read: braces, brackets, commas and colons stand as they are. */
export function readable(parameters: URLSearchParams): string {
  return parameters
    .toString()
    .replaceAll("%7B", "{")
    .replaceAll("%7D", "}")
    .replaceAll("%5B", "[")
    .replaceAll("%5D", "]")
    .replaceAll("%3A", ":")
    .replaceAll("%2C", ",");
}

/**
 * The address that the form of a list asks for: without its empty inputs, and without columns that are those
 * of the list anyway.
 *
 * @param columns the columns that a list without `only[]` shows
 */
export function fromForm(address: ListAddress, columns: readonly string[]): ListAddress {
  return address.with((parameters) => {
    parameters.delete(FROM_FORM);
    const given = [...parameters].filter(([, value]) => value.trim() !== "");
    for (const name of [...parameters.keys()]) parameters.delete(name);
    for (const [name, value] of given) parameters.append(name, value.trim());
    const chosen = parameters.getAll("only[]");
    if (chosen.toSorted().join() === columns.toSorted().join()) parameters.delete("only[]");
  });
}
