/** JSON Schema, as far as the OpenAPI document of the service uses it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description: string;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface DescribedOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** One operation of the service. */
export interface Operation {
  readonly method: string;
  /** With `{id}` where the id stands. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  /** The kind of object that it answers with, and the one whose id stands in its path. */
  readonly kind: string;
  readonly idKind: string;
}

export interface Document {
  readonly operations: readonly Operation[];
  /** The kind of object that a word of the wire stands for: `projects` and `project` for `project`. */
  readonly kindOf: (word: string) => string | undefined;
}

/** Reads what `GET /api/openapi.json` answers. */
export function readDocument(openApi: OpenApi): Document {
  const { paths, components } = openApi;
  const kinds = new Map(Object.keys(components.schemas).map((kind) => [kind, kind]));
  const answerKind = (path: string): string => {
    const [word, kind] = Object.entries(answersOf(paths[path]?.get))[0] ?? ["", ""];
    if (word !== "") kinds.set(word, kind);
    return kind;
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]): Operation => ({
        method: method.toUpperCase(),
        path,
        parameters: operation.parameters ?? [],
        body: schemaOf(operation.requestBody?.content),
        kind: answerKind(path),
        idKind: path.includes("{id}") ? answerKind(path.replace(/\{id\}.*/, "")) : "",
      }),
    ),
  );
  for (const { properties } of Object.values(components.schemas)) {
    for (const [field, kind] of Object.entries(relationsOf(properties))) kinds.set(field, kind);
  }
  return { operations, kindOf: (word) => kinds.get(word) };
}

function schemaOf(content: Content | undefined): Schema | undefined {
  return content?.["application/json"]?.schema;
}

/** The keys under which an operation answers with objects, and their kinds. */
function answersOf(operation: DescribedOperation | undefined): Record<string, string> {
  return relationsOf(schemaOf(operation?.responses[200]?.content)?.properties);
}

/** The properties that hold objects of some kind, one or a list, alone or beside ids. */
function relationsOf(properties: Schema["properties"] = {}): Record<string, string> {
  const referred = ({ $ref, items, anyOf = [] }: Schema): string | undefined =>
    [$ref, items?.$ref, ...anyOf.map(referred)].find((name) => name !== undefined);
  return Object.fromEntries(
    Object.entries(properties).flatMap(([field, schema]) => {
      const kind = referred(schema)?.split("/").at(-1);
      return kind === undefined ? [] : [[field, kind]];
    }),
  );
}
