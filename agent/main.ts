import { NodeAgent } from './node-agent.ts';
import { parseNodeConfig } from './node-config.ts';

// Compute nodes, one after another: each takes a seat, asks the service for tasks, runs them and reports. The launcher
// writes one line of configuration for a node on standard input and hears `ended` on standard output when that node is
// through; the next may follow, in a program that is warm by then. When the launcher is gone, so is this program after
// its node: nothing is read during a node's life, so that it outlives whoever started it.

let agent: NodeAgent | undefined;
let isLast = false;
let heard = '';

const log = (message: string) => {
  process.stderr.write(`sluice-agent: ${message}\n`);
};
process.stderr.on('error', ignore);
process.stdout.on('error', ignore);
process.on('SIGHUP', ignore);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('uncaughtException', (error) => {
  log(`ends after a problem: ${error.stack ?? error.message}`);
  agent?.killAll();
  process.exit(1);
});

process.stdin.setEncoding('utf8');
process.stdin.on('data', (text: string) => {
  heard += text;
  next();
});
process.stdin.on('error', end);
process.stdin.on('end', end);

/** Begins the node whose configuration has come, unless one is under way. */
function next(): void {
  const line = /^(.*)\n/.exec(heard);
  if (agent !== undefined || line === null) return;
  heard = heard.slice(line[0].length);
  agent = new NodeAgent(parseNodeConfig(line[1] ?? ''), process.env, log, through);
  void agent.start();
}

/** A node that ended badly takes the program with it: who knows what state it is in. */
function through(code: number): void {
  if (code !== 0 || isLast) process.exit(code);
  agent = undefined;
  process.stdout.write('ended\n');
  next();
}

/** Nobody will write another line. */
function end(): void {
  isLast = true;
  if (agent === undefined) process.exit(0);
}

function stop(): void {
  isLast = true;
  if (agent === undefined) process.exit(0);
  agent.take({ type: 'stopRequested' });
}

function ignore(): void {
  // The launcher may be gone; the agent goes on.
}
