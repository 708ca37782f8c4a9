import { readFileSync } from 'node:fs';

/** The parsed `/etc/os-release`; empty where there is none. */
export function readOsRelease(file = '/etc/os-release'): Record<string, string> {
  try {
    return parseOsRelease(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/** Parses lines such as `ID=debian` and `NAME="Debian GNU/Linux"`. */
export function parseOsRelease(text: string): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const match = /^([A-Z0-9_]+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line.trim());
    if (match?.[1] !== undefined) entries[match[1]] = match[2] ?? match[3] ?? match[4] ?? '';
  }
  return entries;
}
