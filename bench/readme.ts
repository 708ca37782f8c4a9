import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './bench-folder.ts';

/** Puts a result between the marks of this name in README.md. */
export function writeIntoReadme(block: string, name?: string): void {
  const readme = join(projectFolder, 'README.md');
  writeFileSync(readme, replaceBlock(readFileSync(readme, 'utf8'), block, name));
}

/** The page with what is between the marks of this name replaced. Throws when it has no marks. */
export function replaceBlock(page: string, block: string, name = 'bench'): string {
  const mark = `<!-- ${name}:begin -->`;
  const begin = page.indexOf(mark);
  const end = page.indexOf(`<!-- ${name}:end -->`);
  if (begin === -1 || end < begin) throw new Error(`the page has no ${mark} before a <!-- ${name}:end -->`);
  return `${page.slice(0, begin + mark.length)}\n${block.trim()}\n${page.slice(end)}`;
}
