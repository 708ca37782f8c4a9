import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { settingNames } from '../cdk/settings.ts';
import { settingComments, settingsPage } from './settings-page.ts';

it('docs/settings.md is what the schema of settings says', () => {
  expect(readFileSync(new URL('../docs/settings.md', import.meta.url), 'utf8')).toBe(settingsPage());
});

it('every setting has a comment that says what it is for', () => {
  expect([...settingComments().keys()].sort()).toEqual([...settingNames].sort());
  for (const [name, comment] of settingComments()) expect(comment.length, name).toBeGreaterThan(15);
});
