// What is said of a message that is on its way: which request it is, how an answer's body is framed.

/** How the body of an answer reaches the caller; `length` is what the answer says of it, if it may say it. */
export interface AnswerFraming {
  chunked: boolean;
  length: string | undefined;
  close: boolean;
}

/** A request as the log names it. */
export interface LoggedRequest {
  method: string;
  path: string;
  requestId: string;
}

/** What went wrong, and how the caller can be told. */
export interface FailedCall {
  error: unknown;
  /** Unknown if its head could not be read. */
  call: LoggedRequest | undefined;
  close: boolean;
  modern: boolean;
  withBody: boolean;
}
