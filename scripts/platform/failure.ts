/** What the person at the terminal has to be told, in a sentence; anything else that is thrown is a bug. */
export class Failure extends Error {}
