import { createHash } from 'node:crypto';
import { ImageError } from '../../core/image/image-error.ts';
import { type Asker, errorOfAnswer, wrongLogin } from '../../core/image/registry-answer.ts';
import { parseChallenge, type RegistryChallenge } from '../../core/image/registry-challenge.ts';
import type { RegistryCredentials } from '../../ports/image-registry.ts';
import { ask, type RegistryAnswer, type RegistryPace } from './registry-http.ts';

interface SessionSetting {
  /** For messages. */
  readonly image: string;
  /** The registry's address, such as `https://registry-1.docker.io`. */
  readonly base: string;
  readonly repository: string;
  readonly credentials: RegistryCredentials | undefined;
  /** Whose the credentials are. */
  readonly asker: Asker;
  readonly pace: RegistryPace;
}

/** One repository of one registry, and the way to be let in: found by the first 401, then used again. */
export class RegistrySession {
  readonly #setting: SessionSetting;
  #authorization: string | undefined;

  constructor(setting: SessionSetting) {
    this.#setting = setting;
  }

  /** The JSON behind a digest or a tag, with the digest of its bytes. Throws an ImageError. */
  async get(
    kind: 'manifests' | 'blobs',
    reference: string,
    accept: string,
  ): Promise<{ digest: string; json: unknown }> {
    const { base, repository } = this.#setting;
    const url = `${base}/v2/${repository}/${kind}/${reference}`;
    let answer = await this.#ask(url, reference, accept);
    if (answer.status === 401 && this.#authorization === undefined) {
      this.#authorization = await this.#authorize(answer);
      answer = await this.#ask(url, reference, accept);
    }
    if (answer.status !== 200) throw this.#error(answer);
    return { digest: digestOf(answer.body), json: JSON.parse(answer.body.toString('utf8')) };
  }

  #ask(url: string, reference: string, accept: string): Promise<RegistryAnswer> {
    const { image, pace } = this.#setting;
    const headers = { accept, ...(this.#authorization ? { authorization: this.#authorization } : {}) };
    return ask(image, pace, url, headers, (answer) => {
      if (answer.status === 200) checkBody(image, reference, answer);
    });
  }

  /** By a token it was let in already: what is denied then is the image. */
  #error({ status, body }: RegistryAnswer): ImageError {
    const { image, asker } = this.#setting;
    const text = body.toString('utf8');
    const isLogin = asker === 'CONTAINER' && this.#authorization?.startsWith('Basic ') === true;
    return isLogin && status === 401 ? wrongLogin(image, text) : errorOfAnswer(image, status, text, asker);
  }

  async #authorize(refusal: RegistryAnswer): Promise<string> {
    const { image, credentials } = this.#setting;
    const challenge = parseChallenge(refusal.headers.get('www-authenticate') ?? '');
    if (challenge?.scheme === 'bearer') return `Bearer ${await this.#token(challenge)}`;
    if (challenge?.scheme === 'basic' && credentials !== undefined) return basic(credentials);
    if (challenge === undefined && credentials !== undefined)
      throw new ImageError(
        'INVALID',
        `the registry of ${image} asks for a login in no way that is known here`,
      );
    throw errorOfAnswer(image, 401, refusal.body.toString('utf8'));
  }

  async #token(challenge: RegistryChallenge & { scheme: 'bearer' }): Promise<string> {
    const { image, base, repository, credentials, asker, pace } = this.#setting;
    const url = tokenUrl(image, base, challenge, repository);
    const answer = await ask(image, pace, url, credentials ? { authorization: basic(credentials) } : {});
    const text = answer.body.toString('utf8');
    const isRefusal = [400, 401, 403].includes(answer.status);
    if (isRefusal && asker === 'CONTAINER') throw wrongLogin(image, text);
    if (answer.status !== 200) throw errorOfAnswer(image, isRefusal ? 401 : answer.status, text, asker);
    const token = tokenIn(text);
    if (token !== undefined) return token;
    throw new ImageError('INVALID', `${new URL(url).host}, for ${image}, gives out no token`);
  }
}

/** Credentials go to an encrypted address, unless the registry itself is asked without encryption. */
function tokenUrl(
  image: string,
  base: string,
  { realm, service, scope }: RegistryChallenge & { scheme: 'bearer' },
  repository: string,
): string {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== new URL(base).protocol))
    throw new ImageError('INVALID', `the registry of ${image} gives out tokens at no safe address`);
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', scope ?? `repository:${repository}:pull`);
  return url.href;
}

function tokenIn(text: string): string | undefined {
  try {
    const { token, access_token: other } = JSON.parse(text) as { token?: unknown; access_token?: unknown };
    const given = token ?? other;
    return typeof given === 'string' && given !== '' ? given : undefined;
  } catch {
    return undefined;
  }
}

/** A body that was cut off on the way differs from its digest, or is no JSON; that passes. */
function checkBody(image: string, reference: string, { headers, body }: RegistryAnswer): void {
  const wanted = reference.startsWith('sha256:') ? reference : headers.get('docker-content-digest');
  const isOther = wanted?.startsWith('sha256:') === true && wanted !== digestOf(body);
  if (isOther || !isJson(body))
    throw new ImageError('UNAVAILABLE', `the registry of ${image} gives half an answer, or a wrong one`);
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

function digestOf(body: Buffer): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

function basic({ username, password }: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
