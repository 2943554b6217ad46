// Ends runtimes whose files take more of the host's disk than they may.

import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { type Executor, folderOf } from '../executor.ts';
import { discardRuntime } from './remove.ts';

const LOOK_MS = 1_000;
/** The longest time between two measurements, however still the disk is. */
const MEASURE_ANYWAY_MS = 60_000;
/**
 * So long a runtime is measured at every look: what an artifact becomes when it is unpacked shows at once, whatever
 * else goes on on the disk.
 */
const YOUNG_MS = 30_000;
const SETTLE_MS = 5_000;
const BYTES_PER_FILE = 4096;
const MB = 1024 * 1024;
const MAX_LIST_BYTES = 16 * MB;

interface Usage {
  bytes: number;
  files: number;
}

/**
 * Works until disposed of. Asking the file system how full it is costs nothing; only when it has filled by a quarter of
 * what one runtime may take, or after a while, are the folders of all runtimes measured; at other times those of the
 * youngest.
 */
export function watchDisk(executor: Executor): AsyncDisposable {
  const { log, registry, settings } = executor;
  if (settings.maxDisk === undefined) return { async [Symbol.asyncDispose]() {} };
  const most = { bytes: settings.maxDisk * MB, files: (settings.maxDisk * MB) / BYTES_PER_FILE };
  let lowest: Usage = { bytes: 0, files: 0 };
  let measuredAt = 0;
  let working: Promise<void> | undefined;

  async function look(): Promise<void> {
    const now = await usageOfFileSystem(settings.workFolder);
    lowest = { bytes: Math.min(lowest.bytes, now.bytes), files: Math.min(lowest.files, now.files) };
    const filled = now.bytes - lowest.bytes > most.bytes / 4 || now.files - lowest.files > most.files / 4;
    const due = filled || Date.now() - measuredAt >= MEASURE_ANYWAY_MS;
    if (due) [lowest, measuredAt] = [now, Date.now()];
    const measured = registry.all().filter(({ created }) => due || Date.now() - created < YOUNG_MS);
    const runtimes = new Map(measured.map((runtime) => [folderOf(executor, runtime), runtime]));
    const usage = await usageOfFolders([...runtimes.keys()]);
    await Promise.all(
      [...runtimes].map(async ([folder, runtime]) => {
        const { bytes = 0, files = 0 } = usage.get(folder) ?? {};
        if (bytes <= most.bytes && files <= most.files) return;
        log.warn({ runtime: runtime.id, bytes, files }, 'a runtime takes more of the disk than it may and is ended');
        const reason = `its files took more than ${settings.maxDisk} MB or were more than ${most.files}`;
        await discardRuntime({ executor, runtime, by: 'limit', reason, settleMs: SETTLE_MS });
      }),
    );
  }

  const timer = setInterval(() => {
    working ??= look()
      .catch((error: unknown) => log.error({ error }, 'the disk could not be looked at'))
      .finally(() => (working = undefined));
  }, LOOK_MS);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await working;
    },
  };
}

async function usageOfFileSystem(folder: string): Promise<Usage> {
  const { blocks, bfree, bsize, files, ffree } = await statfs(folder);
  return { bytes: (blocks - bfree) * bsize, files: files - ffree };
}

async function usageOfFolders(folders: string[]): Promise<Map<string, Partial<Usage>>> {
  const [kilobytes, files] = await Promise.all([
    measure({ folders, option: '-k' }),
    measure({ folders, option: '--inodes' }),
  ]);
  return new Map(
    folders.map((folder) => [folder, { bytes: (kilobytes.get(folder) ?? 0) * 1024, files: files.get(folder) ?? 0 }]),
  );
}

/**
 * The command follows no links, whatever a function does with its folders meanwhile, and counts what is really stored.
 */
async function measure({ folders, option }: { folders: string[]; option: string }): Promise<Map<string, number>> {
  if (folders.length === 0) return new Map();
  const { promise, resolve } = Promise.withResolvers<string>();
  // It complains of files that vanish while it looks, and of an option that it does not know, and tells the rest.
  execFile('du', ['-s', '-x', option, '--', ...folders], { maxBuffer: MAX_LIST_BYTES }, (_error, output) =>
    resolve(output),
  );
  return new Map(
    [...(await promise).matchAll(/^(\d+)\t(.*)$/gm)].map(([, size, folder = '']) => [folder, Number(size)]),
  );
}
