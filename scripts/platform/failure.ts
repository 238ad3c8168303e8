/**
 * An expected error whose message is a sentence for the person at the terminal. Any other thrown error is a
 * bug.
 */
export class Failure extends Error {}
