const KEY = 'batch/custom/event';

/** The text of a custom status event, when a line of standard output is a JSON object that asks for one. */
export function customEventText(line: string): string | undefined {
  if (!line.includes(KEY)) return undefined;
  const trimmed = line.trim();
  if (!trimmed.startsWith('{')) return undefined;
  try {
    const text = (JSON.parse(trimmed) as Record<string, unknown>)[KEY];
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
