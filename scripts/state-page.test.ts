import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { statePage } from './state-page.ts';

it('docs/job-states.md is what the tables of states say', () => {
  expect(readFileSync(new URL('../docs/job-states.md', import.meta.url), 'utf8')).toBe(statePage());
});
