// The exact sentences that runtimes, builds and starts say (docs/contract.md).

export const READY_LINE = 'HTTP server successfully started!';
export const UNAUTHORIZED = 'Unauthorized. Provide correct "x-open-runtimes-secret" header.';
export const BAD_TIMEOUT = 'Header "x-open-runtimes-timeout" must be an integer greater than 0.';
export const BODY_TOO_LARGE = 'Request body size exceeds 20MB limit.';
export const RETURN_MISSING = 'Return statement missing. return context.res.empty() if no response is expected.';
export const BAD_STATUS = 'Status code must be an integer from 200 to 599.';
export const EXECUTION_TIMED_OUT = 'Execution timed out.';
export const SIGNATURE_INVALID = "Function signature invalid. Did you forget to export a 'main' function?";
export const NATIVE_LOGS_DETECTED = 'Native logs detected. Use context.log() or context.error() for better experience.';
export const LOG_TRUNCATED = '... Log truncated due to size limit (8000 characters)';
