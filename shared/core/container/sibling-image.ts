import type { ImageConfig } from '../image/image-config.ts';
import { SIBLING_PLACES } from './sibling-places.ts';

/** What an image runs, as its sibling's variable tells the wrapper. */
export interface SiblingImage {
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly user: string;
  readonly workingDir: string;
  /** The image's own variables that were taken from the wrapper, whom they would disturb, and HOME if it sets it. */
  readonly env: Readonly<Record<string, string>>;
}

/** How any program of the runtime in this folder begins, in any image: by the runtime's own loader, with its own libraries. */
export function loaderWords(runtime: string): string[] {
  return [`${runtime}/loader`, '--library-path', `${runtime}/lib`];
}

/** What starts a program of Node.js in any image: the runtime's own loader, libraries and Node.js. */
export function runtimeNode(): string[] {
  const { runtime } = SIBLING_PLACES;
  return [...loaderWords(runtime), `${runtime}/bin/node`];
}

/** What starts the wrapper in any image. */
export function wrapperCommand(): string[] {
  return [...runtimeNode(), `${SIBLING_PLACES.runtime}/wrapper.mjs`];
}

/** The variable that describes an image to its wrapper, and the names of the image's variables that must be emptied there. */
export function siblingImageOf(config: ImageConfig): { variable: string; taken: string[] } {
  const variables = config.env.map((line) => {
    const at = line.indexOf('=');
    return at === -1 ? ([line, ''] as const) : ([line.slice(0, at), line.slice(at + 1)] as const);
  });
  const kept = variables.filter(([name]) => disturbsWrapper(name) || name === 'HOME');
  const image: SiblingImage = {
    entrypoint: config.entrypoint,
    cmd: config.cmd,
    user: config.user,
    workingDir: config.workingDir,
    env: Object.fromEntries(kept),
  };
  return {
    variable: JSON.stringify(image),
    taken: kept.flatMap(([name]) => (name === 'HOME' ? [] : [name])),
  };
}

/** Reads the variable. Its writer is `plan-job`; an error says that the two do not fit together. */
export function parseSiblingImage(text: string | undefined): SiblingImage {
  const image = JSON.parse(text ?? '') as SiblingImage;
  if (!Array.isArray(image.entrypoint) || !Array.isArray(image.cmd) || typeof image.env !== 'object')
    throw new Error('the description of the image has another form than expected');
  return image;
}

/** Variables by which an image can change how any program starts, the wrapper among them. */
const DISTURBING = /^(?:LD_|NODE_|UV_|MALLOC_|GLIBC_)/;

/** Whether the wrapper must not see a variable of an image. */
function disturbsWrapper(name: string): boolean {
  return DISTURBING.test(name);
}

/**
 * A program's environment: what its container has, without what is the wrapper's; what the image says; HOME, when
 * neither says it; the run's own over it all.
 */
export function programEnvironment(
  own: NodeJS.ProcessEnv,
  image: SiblingImage,
  home: string,
  run: Readonly<Record<string, string>>,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && name !== 'HOME' && !name.startsWith('SLUICE_') && !disturbsWrapper(name))
      environment[name] = value;
  }
  return { ...environment, HOME: home, ...image.env, ...run };
}
