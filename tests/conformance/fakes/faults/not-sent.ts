// The cases about what cannot be sent, by what is wrong with it, for the faults that many of them notice.

export const BAD_STATUSES_OF_TEXT: readonly string[] = [
  'status-42',
  'status-100',
  'status-199',
  'status-600',
  'status-1000',
  'status-below-zero',
  'status-in-text',
  'status-with-a-fraction',
  'status-null',
];

export const BAD_STATUSES: readonly string[] = [...BAD_STATUSES_OF_TEXT, 'status-42-of-*'];

export const BAD_NAMES: readonly string[] = [
  'header-name-with-*',
  'header-name-outside-ascii',
  'header-without-a-name',
];

export const BAD_VALUES: readonly string[] = [
  'header-value-with-*',
  'content-type-with-lf',
  'cookie-with-nul',
  'redirect-with-a-line-break',
];

/** All that a function may return and a server does not send. */
export const NOT_SENT: readonly string[] = [...BAD_STATUSES, ...BAD_NAMES, ...BAD_VALUES, 'json-of-*'];
