/** Writes docs/events.md from the table of events and their samples. `--check` only says whether the page is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { eventPage } from './event-page.ts';

const file = new URL('../docs/events.md', import.meta.url);
if (!process.argv.includes('--check')) {
  writeFileSync(file, eventPage());
} else if (readFileSync(file, 'utf8') !== eventPage()) {
  console.error('docs/events.md is out of date: run `node scripts/write-event-page.ts`');
  process.exit(1);
}
