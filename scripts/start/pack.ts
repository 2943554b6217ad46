// Packs the user's code as an executor wants its source.

import { $ } from 'zx';

/** Writes `code.tar.gz`, without what a build makes anew. */
export async function pack({
  folder,
  ignore,
  file,
}: {
  folder: string;
  ignore: string[];
  file: string;
}): Promise<void> {
  const excluded = ['.git', ...ignore].map((name) => `--exclude=${name}`);
  // macOS would add a file of its own for each file.
  await $({ quiet: true, env: { ...process.env, COPYFILE_DISABLE: '1' } })`tar -czf ${file} ${excluded} -C ${folder} .`;
}
