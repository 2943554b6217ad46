// What the environment says, read once when the server starts.

'use strict';

const path = require('path');

const SECRET = process.env.OPEN_RUNTIMES_SECRET || '';

module.exports = {
  PORT: 3000,
  BODY_LIMIT: 20 * 1024 * 1024,
  DRAIN_MS: 10_000,
  FUNCTION_FOLDER: path.join(__dirname, 'function'),
  LOGS_FOLDER: '/mnt/logs',
  TIMINGS_FILE: '/mnt/telemetry/timings.txt',
  // Beside the server and above no function, so that no lookup of a user's module comes past it.
  DEPENDENCIES_FOLDER: path.join(__dirname, '..', 'dependencies', 'node_modules'),
  ENTRYPOINT: process.env.OPEN_RUNTIMES_ENTRYPOINT || 'index.js',
  DEVELOPMENT: process.env.OPEN_RUNTIMES_ENV === 'development',
  SECRET,
  AUTHORIZATION: `Basic ${Buffer.from(`opr:${SECRET}`).toString('base64')}`,
  ENFORCED_HEADERS: enforcedHeaders(process.env.OPEN_RUNTIMES_HEADERS),
};

/** Name and value of each header that every request gets. */
function enforcedHeaders(json) {
  try {
    const headers = JSON.parse(json);
    if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return [];
    return Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]);
  } catch {
    return [];
  }
}
