// The paths that a runtime answers itself, and the folders that it and its executor share (docs/contract.md, sections 2
// and 9).

export const RUNTIME_PORT = 3000;

export const HEALTH_PATH = '/__opr/health';
export const TIMINGS_PATH = '/__opr/timings';
export const LOGS_PATH_PREFIX = '/__opr/logs/';

export const SERVER_FOLDER = '/usr/local/server';
export const FUNCTION_FOLDER = '/usr/local/server/src/function';
export const BUILD_FOLDER = '/usr/local/build';
export const CODE_FOLDER = '/mnt/code';
export const LOGS_FOLDER = '/mnt/logs';
/** Where the image's own programs are, as its PATH says. */
export const IMAGE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
export const TELEMETRY_FOLDER = '/mnt/telemetry';
export const TIMINGS_FILE = '/mnt/telemetry/timings.txt';
export const CACHE_FOLDER = '/cache';
export const STANDBY_FOLDER = '/mnt/standby';
/** The named pipe in the standby folder. */
export const STANDBY_GATE = 'gate';

// The user that images give up root for; the same number everywhere, so that shared folders can belong to it.
export const RUNTIME_UID = 10001;
export const RUNTIME_GID = 10001;
