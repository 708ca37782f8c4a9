import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventPage } from './event-page.ts';

it('docs/events.md is what the table of events and the samples say', () => {
  expect(readFileSync(new URL('../docs/events.md', import.meta.url), 'utf8')).toBe(eventPage());
});
