/**
 * The entry point of a sibling container: runs its image's program each time the agent asks. It comes with its own Node.js
 * and libraries, from a volume, so that it needs nothing of the image. It knows no secret; see docs/decisions on what
 * the programs that it runs could do with it.
 */
import { readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { parseSiblingImage } from '../../shared/core/container/sibling-image.ts';
import { IMAGE_VARIABLE, SIBLING_PLACES } from '../../shared/core/container/sibling-places.ts';
import { killLeftovers, Marks } from './leftovers.ts';
import { MessageLink } from './message-link.ts';
import { type AgentMessage, PROTOCOL, SOCKET, type WrapperMessage } from './messages.ts';
import { Program, type ProgramSetting } from './program.ts';

const AGAIN_MS = 50;
/** The agent may start later than its siblings; it is not waited for forever. */
const AGENT_MS = 30 * 60 * 1000;

const { channel, runtime } = SIBLING_PLACES;
const marks = new Marks();
const setting: ProgramSetting = {
  image: parseSiblingImage(process.env[IMAGE_VARIABLE]),
  // As they are now: a program that runs later may change them.
  accounts: { passwd: textOf('/etc/passwd'), group: textOf('/etc/group') },
  channel,
  runtime,
  marks,
};
const programs = new Map<number, Program>();

// What ends this is that the agent has gone: it stops its programs in its own time.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, ignore);
const link = new MessageLink<AgentMessage, WrapperMessage>(await agent(), take, () => void end());
link.send({ type: 'hello', protocol: PROTOCOL });

function take(message: AgentMessage): void {
  if (message.type === 'signal') {
    programs.get(message.run)?.signal(message.name);
    return;
  }
  const program = new Program(message, setting, (exited) => {
    programs.delete(message.run);
    link.send(exited);
  });
  programs.set(message.run, program);
  program.start();
}

/** The agent's socket, once it is there. */
async function agent(): Promise<Socket> {
  for (const until = Date.now() + AGENT_MS; Date.now() < until; ) {
    const socket = await connected();
    if (socket !== undefined) return socket;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
  process.stderr.write('sluice-wrapper: the agent did not come\n');
  process.exit(1);
}

function connected(): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(join(channel, SOCKET));
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

async function end(): Promise<void> {
  for (const program of programs.values()) program.signal('SIGKILL');
  await killLeftovers({ group: 0, mark: 0, isLast: () => true });
  process.exit(0);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function ignore(): void {
  // See above.
}
