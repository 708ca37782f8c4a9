import { type Command, InvalidArgumentError, Option } from 'commander';
import type { LocationName } from '../shared/contract/resource-name.ts';
import { authorizeAs, chooseIdentity, type IdentityOptions } from './api/authorization.ts';
import { BatchClient } from './api/batch-client.ts';
import { Connection } from './api/connection.ts';
import type { Host } from './host.ts';
import type { LocalParts } from './local-parts.ts';
import { type Format, formats } from './output/format.ts';
import { UsageError } from './usage-error.ts';

/** What every command is given. */
export interface Context {
  host: Host;
  local: LocalParts;
  /** What the process is to exit with. */
  exitCode: number;
}

/** Where a command's jobs are. */
export interface PlaceOptions extends IdentityOptions {
  endpoint?: string;
  project: string;
  location: string;
}

export const DEFAULT_ENDPOINT = 'http://127.0.0.1:8080';
export const DEFAULT_PROJECT = 'local';
export const DEFAULT_LOCATION = 'us-central1';

/** Adds --project and --location. */
export function withProject(command: Command): Command {
  return command
    .option('--project <project>', 'project of the job', DEFAULT_PROJECT)
    .option('--location <location>', 'location of the job', DEFAULT_LOCATION);
}

/** Adds --endpoint, how to be known there, --project and --location. */
export function withPlace(command: Command): Command {
  const endpoint = `address of the service (default: $SLUICE_ENDPOINT, else ${DEFAULT_ENDPOINT})`;
  return withProject(
    command
      .option('--endpoint <url>', endpoint)
      .option('--aws', 'sign with AWS credentials (done of itself for addresses of API Gateway)')
      .option('--token-file <file>', 'send the token in the file (default: $SLUICE_TOKEN)'),
  );
}

/** Adds --format. */
export function withFormat(command: Command): Command {
  const option = new Option('--format <format>', 'json and yaml give what the API gave');
  return command.addOption(option.choices(formats).default('table' satisfies Format));
}

/** Adds what lists share: --filter, --limit, --page-size. */
export function withList(command: Command): Command {
  return command
    .option('--filter <expression>', 'only what matches; the service evaluates it')
    .option('--limit <count>', 'at most so many', positive)
    .option('--page-size <count>', 'so many in one answer of the service', positive);
}

/** The client and the parent of jobs that the options name. */
export function connect(host: Host, options: PlaceOptions): { client: BatchClient; place: LocationName } {
  const endpoint = options.endpoint ?? (host.env.SLUICE_ENDPOINT || DEFAULT_ENDPOINT);
  if (!/^https?:\/\/[^/]/.test(endpoint)) {
    throw new UsageError(`'${endpoint}' is no address of a service; give one such as ${DEFAULT_ENDPOINT}`);
  }
  const authorize = authorizeAs(chooseIdentity(endpoint, options, host.env), () => host.now());
  return { client: new BatchClient(new Connection({ endpoint, host, authorize })), place: placeOf(options) };
}

/** The parent of jobs that the options name. */
export function placeOf({ project, location }: Pick<PlaceOptions, 'project' | 'location'>): LocationName {
  return { project, location };
}

/** Reads a whole number from 1 on. */
export function positive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return Number(text);
}

/** Reads a port; 0 is any that is free. */
export function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  }
  return Number(text);
}
