/**
 * Why a sign-in with a provider did not succeed: the person said no at the provider (`denied`), the code was
 * used or is too old (`over`), the provider does not answer (`unavailable`), what it answers is not valid
 * (`invalid`), or the operator's settings are wrong (`settings`).
 */
export type ProviderFault = "denied" | "over" | "unavailable" | "invalid" | "settings";

/** A sign-in with a provider that did not succeed. The message is for the log, and has no secret. */
export class ProviderError extends Error {
  readonly fault: ProviderFault;

  constructor(fault: ProviderFault, message: string) {
    super(message);
    this.fault = fault;
  }
}
