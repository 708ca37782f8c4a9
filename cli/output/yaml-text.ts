import { stringify } from 'yaml';

/** A value as YAML, without folding long lines. */
export function yamlText(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}
