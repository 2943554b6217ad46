// The logs of one execution, from the files that the runtime wrote; they are gone afterwards.

import path from 'node:path';
import { readUntrusted, removeUntrusted } from '../files/untrusted-file.ts';

const MAX_BYTES = 5 * 1024 * 1024;

export async function takeLogs({
  folder,
  id,
  wanted,
}: {
  folder: string;
  id: string;
  wanted: boolean;
}): Promise<{ logs: string; errors: string }> {
  if (!wanted) return { logs: '', errors: '' };
  const [logs, errors] = await Promise.all([
    take({ file: path.join(folder, `${id}_logs.log`), what: 'Log' }),
    take({ file: path.join(folder, `${id}_errors.log`), what: 'Error' }),
  ]);
  return { logs, errors };
}

async function take({ file, what }: { file: string; what: string }): Promise<string> {
  const found = await readUntrusted({ file, maxBytes: MAX_BYTES });
  if (!found) return '';
  await removeUntrusted(file);
  const text = found.bytes.toString('utf8');
  return found.size > MAX_BYTES ? `${text}\n${what} file has been truncated to 5.00MB.` : text;
}
