// Installs the npm dependencies when they are missing or do not fit package-lock.json; plain JavaScript, for the host's
// own Node.js.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const OLDEST_NODE = 20;

/**
 * Whether what npm last installed in a folder is what its lock file asks for. npm records the former in
 * node_modules/.package-lock.json; packages for other platforms are in the lock file only.
 */
export function dependenciesFit(folder) {
  const wanted = packagesOf(path.join(folder, 'package-lock.json'));
  const installed = packagesOf(path.join(folder, 'node_modules/.package-lock.json'));
  if (!wanted || !installed || !existsSync(path.join(folder, 'node_modules/node/bin/node'))) return false;
  const missing = Object.entries(wanted).some(
    ([name, entry]) => name !== '' && !entry.optional && !same(entry, installed[name]),
  );
  const stray = Object.entries(installed).some(([name, entry]) => !same(entry, wanted[name]));
  return !missing && !stray;
}

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

function same(a, b) {
  return b !== undefined && a.version === b.version && a.integrity === b.integrity;
}

function install(folder) {
  const started = Date.now();
  console.log('  npm dependencies: installing …');
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (error || status !== 0) {
    console.error(
      `npm dependencies: "npm ci" failed${error ? `: ${error.message}` : ''}. Is the npm registry reachable?`,
    );
    process.exit(1);
  }
  console.log(`✓ npm dependencies  ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    console.error(`Node.js ${OLDEST_NODE} or later is needed; this is ${process.version}.`);
    process.exit(1);
  }
  const folder = path.join(import.meta.dirname ?? '.', '..');
  if (!dependenciesFit(folder)) install(folder);
}
