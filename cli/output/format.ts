import type { Terminal } from '../terminal/terminal.ts';

/** How results are written: for people, or as the API gave them. */
export const formats = ['table', 'json', 'yaml'] as const;
export type Format = (typeof formats)[number];

/** Writes one resource as the API gave it. */
export async function writeResource(
  out: Terminal,
  format: Exclude<Format, 'table'>,
  value: unknown,
): Promise<void> {
  out.write(format === 'json' ? `${JSON.stringify(value, null, 2)}\n` : await toYaml(value));
}

async function toYaml(value: unknown): Promise<string> {
  const { yamlText } = await import('./yaml-text.ts');
  return yamlText(value);
}

/** Writes lines, if there are any. */
export function writeLines(terminal: Terminal, lines: readonly string[]): void {
  if (lines.length > 0) terminal.write(`${lines.join('\n')}\n`);
}

/** Writes the items of a list as they come: one JSON array, or YAML documents one after another. */
export class ItemWriter {
  readonly #out: Terminal;
  readonly #format: Exclude<Format, 'table'>;
  #written = 0;

  constructor(out: Terminal, format: Exclude<Format, 'table'>) {
    this.#out = out;
    this.#format = format;
  }

  async add(items: readonly unknown[]): Promise<void> {
    for (const item of items) {
      if (this.#format === 'json') {
        const text = JSON.stringify(item, null, 2).replaceAll('\n', '\n  ');
        this.#out.write(`${this.#written === 0 ? '[\n' : ',\n'}  ${text}`);
      } else {
        this.#out.write(`---\n${await toYaml(item)}`);
      }
      this.#written++;
    }
  }

  end(): void {
    if (this.#format === 'json') this.#out.write(this.#written === 0 ? '[]\n' : '\n]\n');
  }
}
