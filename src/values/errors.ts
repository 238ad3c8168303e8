/** One message list for each faulty field of a body. */
export type FieldErrors = ReadonlyMap<string, readonly string[]>;

/** A refusal that the client is told of. What a refusal looks like on the wire is decided in `http`. */
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

/** No token, or one that is unknown, revoked or expired. */
export class UnauthenticatedError extends ApiError {
  readonly kind = "unauthenticated";

  constructor(message = "Invalid token: it is unknown, revoked or expired.") {
    super(message);
  }
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

/** A body with faults, field by field. */
export class ValidationError extends ApiError {
  readonly kind = "invalid";
  readonly fields: FieldErrors;

  constructor(fields: FieldErrors) {
    super("The body is invalid.");
    this.fields = fields;
  }
}

/** A request that is wrong as a whole: a query that cannot be understood, a body that is not JSON. */
export class BadRequestError extends ApiError {
  readonly kind = "bad-request";
}

export class TooLargeError extends ApiError {
  readonly kind = "too-large";
}

export class UnsupportedMediaTypeError extends ApiError {
  readonly kind = "unsupported-media-type";
}

/** Another request is doing the same at this moment. */
export class ConflictError extends ApiError {
  readonly kind = "conflict";
}

/** What the caller wants to write over is no longer what the caller has read. */
export class PreconditionFailedError extends ApiError {
  readonly kind = "precondition-failed";
}

/** A request that contradicts an earlier one, as an idempotency key used for another body. */
export class UnprocessableError extends ApiError {
  readonly kind = "unprocessable";
}

export class TooManyRequestsError extends ApiError {
  readonly kind = "too-many-requests";
}

/** The database did not answer, or not in time: nobody's fault, and worth another try. */
export class DatabaseUnavailableError extends Error {}

/** An import fills the database: nothing is answered until all of it is there. */
export class DatabaseBeingFilledError extends DatabaseUnavailableError {
  constructor() {
    super(
      "The database is being filled by an import: nothing can be read or written before it has ended.",
    );
  }
}

/** The database has no room left: another try helps once the operator has made some. */
export class DatabaseFullError extends DatabaseUnavailableError {}
