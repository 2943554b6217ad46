// What the environment says, read once when the function's own is there.

'use strict';

const path = require('path');

const config = {
  PORT: 3000,
  BODY_LIMIT: 20 * 1024 * 1024,
  DRAIN_MS: 10_000,
  FUNCTION_FOLDER: path.join(__dirname, 'function'),
  LOGS_FOLDER: '/mnt/logs',
  TIMINGS_FILE: '/mnt/telemetry/timings.txt',
  // Beside the server and above no function, so that no lookup of a user's module comes past it.
  DEPENDENCIES_FOLDER: path.join(__dirname, '..', 'dependencies', 'node_modules'),
  read,
};

function read() {
  const { env } = process;
  const secret = env.OPEN_RUNTIMES_SECRET || '';
  Object.assign(config, {
    ENTRYPOINT: env.OPEN_RUNTIMES_ENTRYPOINT || 'index.js',
    DEVELOPMENT: env.OPEN_RUNTIMES_ENV === 'development',
    SECRET: Buffer.from(secret),
    AUTHORIZATION: `Basic ${Buffer.from(`opr:${secret}`).toString('base64')}`,
    ENFORCED_HEADERS: enforcedHeaders(env.OPEN_RUNTIMES_HEADERS),
  });
}

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

module.exports = config;
