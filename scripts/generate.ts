// `npm run generate [-- --check]`: writes all that is derived from other files; with --check only says what has
// changed.

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { program } from 'commander';
import { main } from './console/main.ts';
import { outdatedFiles } from './generate/files.ts';

const ROOT = path.join(import.meta.dirname, '..');

program
  .name('npm run generate --')
  .option('--check', 'write nothing; fail if something would be written', false)
  .action(({ check }: { check: boolean }) =>
    main(async () => {
      const outdated = await outdatedFiles(ROOT);
      for (const { file, text } of outdated) {
        if (!check) await writeFile(path.join(ROOT, file), text);
        console.log(`${check ? 'outdated' : 'written'}: ${file}`);
      }
      if (check && outdated.length > 0) throw new Error('Run "npm run generate" and commit what it writes.');
    }),
  );
await program.parseAsync();
