import { invalidArgument } from '../../shared/contract/error.ts';

/** A versioned path with its segments decoded. */
export interface ApiPath {
  readonly version: 'v1' | 'v1alpha';
  /** Without the version: `projects/p/locations/l/jobs/j:cancel`. */
  readonly resource: string;
}

/**
 * Takes a path apart; undefined when it is none of the API's. Each segment is decoded by itself, so `%3A` is the colon of a
 * custom method while `%2F` never splits a segment in two: whoever allows or forbids by path sees the same segments.
 * Nor does `jobs/%6a` stand for `jobs/j`: a policy that forbids the one would not know the other.
 */
export function parsePath(path: string): ApiPath | undefined {
  const [empty, version, ...segments] = path.split('/');
  if (empty !== '' || (version !== 'v1' && version !== 'v1alpha')) return undefined;
  const decoded = segments.map(decode);
  if (decoded.some((segment) => segment === '' || segment.includes('/'))) return undefined;
  return { version, resource: decoded.join('/') };
}

function decode(segment: string): string {
  const needless = /%(?:2[DdEe]|3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|5[Ff]|7[Ee])/.exec(segment)?.[0];
  if (needless !== undefined) {
    throw invalidArgument([
      {
        field: '',
        description: `the path must have ${decodeURIComponent(needless)} in place of ${needless}`,
      },
    ]);
  }
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalidArgument([
      { field: '', description: `the path is not URL-encoded UTF-8 at ${JSON.stringify(segment)}` },
    ]);
  }
}

/** Something that is called by an HTTP method on paths of one form. */
export interface Routed {
  readonly method: string;
  /** `{projects/*}/locations`: a star is one segment, and the braces enclose the name of the resource. */
  readonly template: string;
}

/** Finds what is meant by a method and a path. */
export function routeMatcher<R extends Routed>(routes: readonly R[]) {
  const compiled = routes.map((route) => ({ route, pattern: templatePattern(route.template) }));
  return (method: string, resource: string): { route: R; name: string } | { allowed: readonly string[] } => {
    const allowed = new Set<string>();
    for (const { route, pattern } of compiled) {
      const name = pattern.exec(resource)?.[1];
      if (name === undefined) continue;
      if (route.method === method) return { route, name };
      allowed.add(route.method);
    }
    return { allowed: [...allowed] };
  };
}

/** A project's id may hold a colon; in other segments a colon begins a custom method. */
function templatePattern(template: string): RegExp {
  const pattern = template
    .replaceAll(/[.+?^$()|[\]\\]/g, '\\$&')
    .replace('{', '(')
    .replace('}', ')')
    .replace('projects/*', 'projects/[^/]+')
    .replaceAll('*', '[^/:]+');
  return new RegExp(`^${pattern}$`);
}
