// Starts the server of a folder as a plain process: its fixed port and folders replaced, its port told to the parent.

'use strict';

const http = require('node:http');
const path = require('node:path');

const { createServer } = http;
http.createServer = (...parameters) => {
  const server = createServer(...parameters);
  return server.once('listening', () => process.send(server.address().port));
};

const [folder, logs] = process.argv.slice(2);
Object.assign(require(path.join(folder, 'config.js')), {
  PORT: 0,
  LOGS_FOLDER: logs,
  TIMINGS_FILE: path.join(logs, 'timings.txt'),
  DEPENDENCIES_FOLDER: path.join(__dirname, '../../../node_modules'),
});
// Nothing may outlive the suite.
process.on('disconnect', () => process.exit());
require(path.join(folder, 'server.js'));
