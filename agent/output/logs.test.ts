import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customEventText } from './custom-event-line.ts';
import { LocalLog } from './local-log.ts';
import type { OutputLine } from './output-line.ts';
import { OutputSinks } from './output-sinks.ts';
import { formatPathLogLine, PathLog } from './path-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-logs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function aLine(given: Partial<OutputLine> = {}): OutputLine {
  const source = { taskId: 'task/u-group0-17/1/0', index: 17, attempt: 1, runnable: 2 };
  return {
    source,
    stream: 'stdout',
    text: 'a "message"',
    time: Date.UTC(2026, 8, 18, 16, 11, 40, 5),
    ...given,
  };
}

describe('the local log', () => {
  it('has a JSON object a line, appended', () => {
    const file = join(folder, 'logs', 'node-0.jsonl');
    for (const text of ['one', 'two\t']) {
      const log = new LocalLog(file);
      log.write(aLine({ text }));
      log.close();
    }
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { t: '2026-09-18T16:11:40.005Z', task: 17, attempt: 1, runnable: 2, stream: 'stdout', text: 'one' },
      { t: '2026-09-18T16:11:40.005Z', task: 17, attempt: 1, runnable: 2, stream: 'stdout', text: 'two\t' },
    ]);
  });
});

describe('a log at a path', () => {
  it('has the line format that clients parse', () => {
    const where = '[task_id:task/u-group0-17/1/0,runnable_index:2]';
    expect(formatPathLogLine(aLine())).toBe(
      `[batch_task_logs]2026/09/18 16:11:40 INFO: ${where} a "message"\n`,
    );
    expect(formatPathLogLine(aLine({ stream: 'stderr' }))).toContain(' ERROR: ');
    // What dsub looks for.
    expect(formatPathLogLine(aLine())).toMatch(
      /^\[batch_task_logs\].*(INFO|ERROR): \[task_id:task\/.*runnable_index:2\] (.*)/,
    );
  });

  it.each([
    ['that ends in a slash', (path: string) => `${path}/`, false],
    ['that is a folder', (path: string) => path, true],
  ])('%s is three files a task', (_, pathOf, exists) => {
    const path = join(folder, 'out');
    if (exists) mkdirSync(path);
    const log = new PathLog(pathOf('out'), folder);
    log.write(aLine({ text: 'one' }));
    log.write(aLine({ text: 'two', stream: 'stderr' }));
    log.flush();
    expect(readdirSync(path).sort()).toEqual([
      'output-u-group0-17.log',
      'stderr-u-group0-17.log',
      'stdout-u-group0-17.log',
    ]);
    expect(readFileSync(join(path, 'output-u-group0-17.log'), 'utf8').split('\n')).toHaveLength(3);
    expect(readFileSync(join(path, 'stderr-u-group0-17.log'), 'utf8')).toContain('] two\n');
  });

  it('of a file is that file', () => {
    const path = join(folder, 'new', 'all.log');
    const log = new PathLog(path, '/');
    log.write(aLine({ text: 'one' }));
    log.flush();
    log.write(aLine({ text: 'two' }));
    log.flush();
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3);
  });
});

describe('a sink that fails', () => {
  it('stops no other and is told of', () => {
    const problems: string[] = [];
    const sinks = new OutputSinks(({ message }) => problems.push(message));
    sinks.add(() => {
      throw new Error('no room');
    });
    sinks.add(() => new LocalLog(join(folder, 'l.jsonl')));
    sinks.write(aLine());
    sinks.flush();
    expect(problems).toEqual(['no room']);
    expect(readFileSync(join(folder, 'l.jsonl'), 'utf8')).toContain('message');
  });
});

describe('a line that asks for a custom event', () => {
  it.each([
    ['{"batch/custom/event": "EVENT"}', 'EVENT'],
    ['  {"batch/custom/event":"E", "severity": "INFO"}  ', 'E'],
    ['{"batch/custom/event": 5}', undefined],
    ['{"batch/custom/event": "E"', undefined],
    ['text "batch/custom/event": "E"', undefined],
    ['["batch/custom/event"]', undefined],
    ['{"other": "E"}', undefined],
  ])('%s', (line, text) => {
    expect(customEventText(line)).toBe(text);
  });
});
