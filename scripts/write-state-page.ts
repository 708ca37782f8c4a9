/** Writes docs/job-states.md from the tables of states. `--check` only says whether the page is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { statePage } from './state-page.ts';

const file = new URL('../docs/job-states.md', import.meta.url);
if (!process.argv.includes('--check')) {
  writeFileSync(file, statePage());
} else if (readFileSync(file, 'utf8') !== statePage()) {
  console.error('docs/job-states.md is out of date: run `npm run docs`');
  process.exit(1);
}
