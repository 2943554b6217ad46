// The sizes and patterns that the contract fixes (docs/contract.md).

export const MAX_BODY_BYTES = 20_971_520;
export const MAX_LOG_MESSAGE_CHARACTERS = 8_000;
export const LOG_ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
export const GENERATED_LOG_ID_PATTERN = /^[0-9a-f]{20}$/;
