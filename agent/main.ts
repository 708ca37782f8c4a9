import { readSync } from 'node:fs';
import { NodeAgent } from './node-agent.ts';
import { parseNodeConfig } from './node-config.ts';

// One compute node: it asks the service for tasks, runs them and reports. The launcher's one line of configuration
// comes on standard input; after it nothing is read there, so that the agent outlives whoever started it.

const log = (message: string) => {
  process.stderr.write(`sluice-agent: ${message}\n`);
};
process.stderr.on('error', ignore);
process.on('SIGHUP', ignore);

const agent = new NodeAgent(parseNodeConfig(readFirstLine()), process.env, log, (code) => process.exit(code));
process.on('SIGTERM', () => agent.take({ type: 'stopRequested' }));
process.on('SIGINT', () => agent.take({ type: 'stopRequested' }));
process.on('uncaughtException', (error) => {
  log(`ends after a problem: ${error.stack ?? error.message}`);
  agent.killAll();
  process.exit(1);
});
agent.take({ type: 'started' });

/** Blocks until the launcher has written its line. */
function readFirstLine(): string {
  const chunk = Buffer.alloc(64 * 1024);
  let text = '';
  while (!text.includes('\n')) {
    const length = readSome(chunk);
    if (length === 0) break;
    text += chunk.toString('utf8', 0, length);
  }
  return text.split('\n', 1)[0] ?? '';
}

function readSome(chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(0, chunk, 0, chunk.length, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

function ignore(): void {
  // The launcher may be gone; the agent goes on.
}
