import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { OutputLine, OutputSink } from './output-line.ts';

const FLUSH_BYTES = 64 * 1024;

/** Appends output to one file a node, in lines of the form of `LogLine` (shared/ports/log-line.ts). */
export class LocalLog implements OutputSink {
  readonly #file: number;
  #text = '';

  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.#file = openSync(file, 'a', 0o600);
  }

  write({ source, stream, text, time }: OutputLine): void {
    const { index, attempt, runnable } = source;
    const t = rfc3339(time);
    this.#text += `{"t":"${t}","task":${index},"attempt":${attempt},"runnable":${runnable},"stream":"${stream}","text":${JSON.stringify(text)}}\n`;
    if (this.#text.length >= FLUSH_BYTES) this.flush();
  }

  flush(): void {
    if (this.#text === '') return;
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
  }

  close(): void {
    this.flush();
    closeSync(this.#file);
  }
}

let lastTime = 0;
let lastText = '';

// Most lines share their millisecond with the one before.
function rfc3339(time: number): string {
  if (time !== lastTime || lastText === '') {
    lastTime = time;
    lastText = new Date(time).toISOString();
  }
  return lastText;
}
