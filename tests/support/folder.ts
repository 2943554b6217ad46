// A temporary folder with some files, for as long as a test needs it.

import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface TemporaryFolder extends AsyncDisposable {
  path: string;
  write(files: Record<string, string>): Promise<void>;
  makeExecutable(file: string): Promise<void>;
}

export async function temporaryFolder(files: Record<string, string> = {}): Promise<TemporaryFolder> {
  const root = await mkdtemp(path.join(tmpdir(), 'open-runtimes-test-'));
  const folder: TemporaryFolder = {
    path: root,
    async write(more) {
      for (const [file, text] of Object.entries(more)) {
        await mkdir(path.dirname(path.join(root, file)), { recursive: true });
        await writeFile(path.join(root, file), text);
      }
    },
    makeExecutable: (file) => chmod(path.join(root, file), 0o755),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
  await folder.write(files);
  return folder;
}
