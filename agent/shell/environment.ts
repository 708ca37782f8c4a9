import { quote } from './quote.ts';

/** Why a runnable's environment cannot be set. The message names the variable, never its value. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** Variables by name. */
export type Variables = Readonly<Record<string, string>>;

/** The sources of a runnable's environment, from the weakest to the strongest. */
export interface EnvironmentSources {
  /** Of the task spec: plain variables and resolved secrets. */
  spec: Variables;
  /** Of the one task, as the service gave them. Those named BATCH_… win over everything. */
  task: Variables;
  /** Of the runnable: plain variables and resolved secrets. */
  runnable: Variables;
  /** Names whose values must not be seen on a command line. */
  secretNames: ReadonlySet<string>;
}

const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'TZ', 'TMPDIR'];
/** Where a node on ECS finds the credentials of its service account, which are its programs' and not the agent's. */
const OF_ACCOUNT = ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_REGION', 'AWS_DEFAULT_REGION'];
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What runnables inherit from the agent's own environment: a fixed list, so that nothing of the agent leaks. */
export function inheritedVariables(own: NodeJS.ProcessEnv): Record<string, string> {
  const inherited: Record<string, string> = { PATH: DEFAULT_PATH };
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && isInherited(name)) inherited[name] = value;
  }
  return inherited;
}

function isInherited(name: string): boolean {
  return INHERITED.includes(name) || OF_ACCOUNT.includes(name) || name.startsWith('LC_');
}

/**
 * Shell text that sets a runnable's environment, and what to put before its command for names that a shell cannot
 * export. Later sources win; the service's own BATCH_… variables come last, so that nobody can overwrite them.
 */
export function environmentText(sources: EnvironmentSources): { exports: string; prefix: string } {
  const odd: Record<string, string> = {};
  let text = '';
  for (const variables of inOrder(sources)) text += exportText(variables, odd, sources.secretNames);
  const words = Object.entries(odd).map(([name, value]) => quote(`${name}=${value}`));
  return {
    exports: text === '' ? '' : `export${text}; `,
    prefix: words.length === 0 ? '' : `env ${words.join(' ')} `,
  };
}

/** A runnable's environment as it is, for what is not started by a shell; in the same order, with the same limits. */
export function mergedVariables(sources: EnvironmentSources): Variables {
  const merged: Record<string, string> = {};
  for (const variables of inOrder(sources)) {
    for (const [name, value] of Object.entries(variables)) {
      checkValue(name, value);
      if (name === '' || /[=\0]/.test(name)) throw unusableName(name);
      merged[name] = value;
    }
  }
  return merged;
}

function inOrder({ spec, task, runnable }: EnvironmentSources): Variables[] {
  const predefined: Record<string, string> = {};
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(task)) {
    (name.startsWith('BATCH_') ? predefined : own)[name] = value;
  }
  return [spec, own, runnable, predefined];
}

function checkValue(name: string, value: string): void {
  if (value.includes('\0'))
    throw new EnvironmentError(`environment variable ${name} contains a NUL character`);
}

function unusableName(name: string): EnvironmentError {
  return new EnvironmentError(`environment variable ${JSON.stringify(name)} has a name that cannot be set`);
}

const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
// Variables that a shell keeps for itself and refuses to export with another value.
const SHELL_OWNED = new Set([
  'UID',
  'EUID',
  'PPID',
  'LINENO',
  'OPTIND',
  'IFS',
  'BASHOPTS',
  'SHELLOPTS',
  'BASH_VERSINFO',
]);

function exportText(
  variables: Variables,
  odd: Record<string, string>,
  secretNames: ReadonlySet<string>,
): string {
  let text = '';
  for (const [name, value] of Object.entries(variables)) {
    checkValue(name, value);
    if (SHELL_NAME.test(name) && !SHELL_OWNED.has(name)) {
      text += ` ${name}=${quote(value)}`;
      continue;
    }
    if (name === '' || /[=\0]/.test(name) || name.startsWith('-') || secretNames.has(name)) {
      throw unusableName(name);
    }
    odd[name] = value;
  }
  return text;
}
