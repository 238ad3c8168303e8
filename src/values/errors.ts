/** The messages of each invalid field of a body. */
export type FieldErrors = ReadonlyMap<string, readonly string[]>;

/** A refusal that the client sees. `api/error.ts` decides its form on the wire. */
export abstract class ApiError extends Error {
  abstract readonly kind:
    | "unauthenticated"
    | "not-found"
    | "forbidden"
    | "invalid"
    | "bad-request"
    | "conflict"
    | "precondition-failed"
    | "too-large"
    | "unsupported-media-type"
    | "unprocessable"
    | "too-many-requests";
}

/** No token or browser session, or one that opens nothing; the message says why. */
export class UnauthenticatedError extends ApiError {
  readonly kind = "unauthenticated";
}

export class NotFoundError extends ApiError {
  readonly kind = "not-found";

  constructor(message = "Not found.") {
    super(message);
  }
}

/** The caller lacks a permission; the message names it. */
export class ForbiddenError extends ApiError {
  readonly kind = "forbidden";
}

/** A body with errors, field by field. */
export class ValidationError extends ApiError {
  readonly kind = "invalid";
  readonly fields: FieldErrors;

  constructor(fields: FieldErrors) {
    super("The body is invalid.");
    this.fields = fields;
  }
}

/** A request that is invalid as a whole: an invalid query, or a body that is not JSON. */
export class BadRequestError extends ApiError {
  readonly kind = "bad-request";
}

/** An answer that would be too large. Asking for fewer objects may succeed. */
export class AnswerTooLargeError extends BadRequestError {}

export class TooLargeError extends ApiError {
  readonly kind = "too-large";
}

export class UnsupportedMediaTypeError extends ApiError {
  readonly kind = "unsupported-media-type";
}

/** Another request does the same at the same time. */
export class ConflictError extends ApiError {
  readonly kind = "conflict";
}

/** The record has changed since the caller read it. */
export class PreconditionFailedError extends ApiError {
  readonly kind = "precondition-failed";
}

/** A request that contradicts an earlier one, such as an idempotency key used for another body. */
export class UnprocessableError extends ApiError {
  readonly kind = "unprocessable";
}

export class TooManyRequestsError extends ApiError {
  readonly kind = "too-many-requests";
}

/** The database did not answer, or not in time. The request is valid, and a retry may succeed. */
export class DatabaseUnavailableError extends Error {}

/** An import is filling the database. The service answers no request until the import has ended. */
export class DatabaseBeingFilledError extends DatabaseUnavailableError {
  constructor() {
    super(
      "The database is being filled by an import: nothing can be read or written before it has ended.",
    );
  }
}

/** The database is full. A retry succeeds once the operator has made space. */
export class DatabaseFullError extends DatabaseUnavailableError {}
