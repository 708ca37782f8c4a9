import { relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type Context, port } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { startEmbedded } from '../run/embedded-service.ts';
import { type RoomOptions, roomOf, withRoom } from '../run/room-options.ts';
import { webhookOptions } from '../run/webhook-options.ts';

interface ServeOptions extends RoomOptions {
  port: number;
  data: string;
  agents: 'local' | 'none';
  secrets?: string;
  webhook?: string[];
  webhookSecretFile?: string;
  allowOrigin?: string;
  workDir?: string;
  stopNodes?: boolean;
  quiet?: boolean;
}

const help = `
Ctrl-C ends it. Nodes of running jobs keep going and are picked up at the next start, unless --stop-nodes is given.`;

/** `sluice serve`: the service on this machine, until Ctrl-C. */
export function addServe(program: Command, context: Context): void {
  withRoom(program.command('serve'))
    .description('serve the API on this machine and run its jobs here')
    .option('--port <port>', 'port on the loopback address, 0 for any free one', port, 8080)
    .option('--data <dir>', 'where the service keeps its records', '.sluice')
    .addOption(
      new Option('--agents <where>', 'who runs the tasks: nodes on this machine, or nobody')
        .choices(['local', 'none'])
        .default('local'),
    )
    .option('--secrets <file>', 'file with secrets for jobs (default: secrets.json in the data directory)')
    .option('--webhook <url...>', 'send every event there, as often as it takes')
    .option(
      '--webhook-secret-file <file>',
      'file with the secret that webhooks are signed with (default: $SLUICE_WEBHOOK_SECRET)',
    )
    .option('--allow-origin <origin>', 'let pages of this origin follow events')
    .option('--work-dir <dir>', 'directory that tasks start in (default: the current one)')
    .option('--stop-nodes', 'at the end, stop the nodes of running jobs too')
    .option('-q, --quiet', "do not print the service's log")
    .addHelpText('after', help)
    .action(async (options: ServeOptions) => {
      context.exitCode = await serve(context, options);
    });
}

async function serve({ host, local }: Context, options: ServeOptions): Promise<number> {
  let interruptions = 0;
  const interrupted = Promise.withResolvers<void>();
  const stopListening = host.onInterrupt(() => {
    interruptions++;
    if (interruptions > 1) host.exitNow(exitCodes.cancelled);
    interrupted.resolve();
  });
  const dataDir = resolve(host.directory, options.data);
  const webhooks = webhookOptions(host, options);
  const service = await startEmbedded(local.loadService, {
    port: options.port,
    dataDir,
    agents: options.agents,
    workDir: resolve(host.directory, options.workDir ?? '.'),
    log: (line) => !options.quiet && host.err.write(`${line}\n`),
    ...roomOf(options),
    ...webhooks,
    ...(options.allowOrigin === undefined ? {} : { allowOrigin: options.allowOrigin }),
    ...(options.secrets === undefined ? {} : { secretsFile: resolve(host.directory, options.secrets) }),
  });
  const shown = relative(host.directory, dataDir);
  const where = shown.startsWith('..') || shown === '' ? dataDir : shown;
  host.out.write(`Sluice serves ${service.endpoint} with its records in ${where}; Ctrl-C ends it.\n`);
  await interrupted.promise;
  await service.close({ stopNodes: options.stopNodes === true });
  stopListening();
  host.err.write('Sluice has stopped serving.\n');
  return exitCodes.succeeded;
}
