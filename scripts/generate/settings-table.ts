// The table of the executor's settings.

import { SETTINGS } from '../../src/main/settings-table.ts';

export function settingsTable(): string {
  const rows = SETTINGS.map((setting) => {
    const value =
      'defaultText' in setting ? setting.defaultText : setting.default === '' ? 'none' : `\`${setting.default}\``;
    return `| \`${setting.variable}\` | ${value} | ${setting.description} |`;
  });
  return ['| variable | default | what it sets |', '|---|---|---|', ...rows].join('\n');
}
