import { appendFileSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { OutputLine, OutputSink, OutputStream } from './output-line.ts';

const FLUSH_CHARACTERS = 256 * 1024;
const severities: Record<OutputStream, string> = { stdout: 'INFO', stderr: 'ERROR' };

/**
 * Appends output to files under the job's `logsPolicy.logsPath`, in the form that clients of Batch parse. A path that
 * is a folder gets three files a task; any other is the one file for all. No file stays open.
 */
export class PathLog implements OutputSink {
  readonly #path: string;
  readonly #isFolder: boolean;
  readonly #waiting = new Map<string, string>();
  #characters = 0;

  /** A relative path starts at `workDir`. */
  constructor(path: string, workDir: string) {
    this.#path = resolve(workDir, path);
    this.#isFolder = path.endsWith('/') || isFolder(this.#path);
    mkdirSync(this.#isFolder ? this.#path : dirname(this.#path), { recursive: true });
  }

  write(line: OutputLine): void {
    const text = formatPathLogLine(line);
    if (this.#isFolder) {
      // The middle of `task/{uid}-{group}-{index}/{attempt}/0`.
      const task = line.source.taskId.split('/')[1] ?? String(line.source.index);
      this.#add(join(this.#path, `output-${task}.log`), text);
      this.#add(join(this.#path, `${line.stream}-${task}.log`), text);
    } else {
      this.#add(this.#path, text);
    }
    if (this.#characters >= FLUSH_CHARACTERS) this.flush();
  }

  flush(): void {
    if (this.#characters === 0) return;
    for (const [file, text] of this.#waiting) appendFileSync(file, text);
    this.#waiting.clear();
    this.#characters = 0;
  }

  /** Holds no file open between two flushes. */
  close(): void {
    this.flush();
  }

  #add(file: string, text: string): void {
    this.#waiting.set(file, (this.#waiting.get(file) ?? '') + text);
    this.#characters += text.length;
  }
}

/** `[batch_task_logs]2026/09/18 16:11:40 INFO: [task_id:task/u-group0-0/0/0,runnable_index:0] message`, in UTC. */
export function formatPathLogLine({ source, stream, text, time }: OutputLine): string {
  const when = new Date(time).toISOString();
  const stamp = `${when.slice(0, 10).replaceAll('-', '/')} ${when.slice(11, 19)}`;
  const where = `[task_id:${source.taskId},runnable_index:${source.runnable}]`;
  return `[batch_task_logs]${stamp} ${severities[stream]}: ${where} ${text}\n`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
