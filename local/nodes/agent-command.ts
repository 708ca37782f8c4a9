import { fileURLToPath } from 'node:url';

/** The command that starts an agent: the bundle beside this one, or the source when this is the source. */
export function agentCommand(): [command: string, ...args: string[]] {
  const here = fileURLToPath(import.meta.url);
  const bundled = /^(.*[\\/]dist[\\/])/.exec(here)?.[1];
  const agent =
    bundled === undefined
      ? fileURLToPath(new URL('../../agent/main.ts', import.meta.url))
      : `${bundled}agent.mjs`;
  return [process.execPath, '--disable-warning=ExperimentalWarning', agent];
}
