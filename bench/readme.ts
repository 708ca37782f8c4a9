const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';

/** The page with what is between its marks replaced. Throws when it has no marks. */
export function replaceBlock(page: string, block: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`the page has no ${BEGIN} before a ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n${block.trim()}\n${page.slice(end)}`;
}
