import { ImageError } from './image-error.ts';

const WORDS = 200;

/** Who a registry was asked by: the login of a container, or whoever else. */
export type Asker = 'CONTAINER' | 'OTHERS';

/** The error that a registry's answer means; `image` is named as its user named it. */
export function errorOfAnswer(
  image: string,
  status: number,
  body: string,
  asker: Asker = 'OTHERS',
): ImageError {
  const quoted = quotedWords(body);
  switch (status) {
    case 404:
      return new ImageError('NOT_FOUND', `there is no image ${image} in its registry${quoted}`);
    case 401:
    case 403:
      return new ImageError(
        'DENIED',
        asker === 'CONTAINER'
          ? `the registry knows the container's username and denies ${image} to it${quoted}: it is another's or is not there`
          : `the registry denies ${image}${quoted}: it is private or is not there; a private one needs the container's username and password`,
      );
    case 429:
      return new ImageError('RATE_LIMITED', `the registry of ${image} has had too many requests${quoted}`);
    default:
      if (status >= 500)
        return new ImageError('UNAVAILABLE', `the registry of ${image} answers ${status}${quoted}`);
      return new ImageError('INVALID', `the registry answers ${status} for ${image}${quoted}`);
  }
}

/** The error of a registry that lets nobody in by the login of a container. */
export function wrongLogin(image: string, body: string): ImageError {
  return new ImageError(
    'WRONG_LOGIN',
    `the registry of ${image} lets nobody in with the container's username and password${quotedWords(body)}`,
  );
}

function quotedWords(body: string): string {
  const said = wordsOf(body);
  return said === '' ? '' : ` (${said})`;
}

/** What a registry says of an error: `{"errors":[{"code":…,"message":…}]}` as the standard has it. */
function wordsOf(body: string): string {
  let said = '';
  try {
    const { errors } = JSON.parse(body) as { errors?: { code?: unknown; message?: unknown }[] };
    const first = Array.isArray(errors) ? errors[0] : undefined;
    said = String(first?.message ?? first?.code ?? '');
  } catch {
    // Pages of proxies and load balancers say nothing to a job's user.
  }
  return said.length > WORDS ? `${said.slice(0, WORDS - 1)}…` : said;
}

/** How long the registry asks to wait, in milliseconds: `Retry-After` in seconds; undefined for anything else. */
export function retryAfterMs(header: string | null): number | undefined {
  if (header === null || !/^\d{1,6}$/.test(header.trim())) return undefined;
  return Number(header) * 1000;
}
