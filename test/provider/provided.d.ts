import "vitest";

declare module "vitest" {
  export interface ProvidedContext {
    /** The address of the faulty provider. */
    readonly providerUrl: string;
  }
}
