import { type ApiError, invalidField } from '../../contract/error.ts';

/** What a list was asked for. A page token is good for the same question only; the page's size may change. */
export interface ListQuery {
  readonly parent: string;
  readonly filter?: string | undefined;
  readonly orderBy?: string | undefined;
}

const VERSION = 1;
const MAX_TOKEN_LENGTH = 4096;

/**
 * The opaque token of the next page: the key of the last item of this one, and a hash of the query.
 * It is not signed: whoever reads on from a key must look under the query's own parent only.
 */
export function encodePageToken(lastKey: string, query: ListQuery): string {
  const content = JSON.stringify([VERSION, queryHash(query), lastKey]);
  return Buffer.from(content, 'utf8').toString('base64url');
}

/** The key to go on after, or undefined for the first page, which has an empty token or none. */
export function decodePageToken(token: string | undefined, query: ListQuery): string | undefined {
  if (token === undefined || token === '') return undefined;
  const { hash, lastKey } = readToken(token);
  if (hash !== queryHash(query)) {
    throw invalidField(
      'pageToken',
      'was given out for another parent, filter or orderBy; allowed: the same ones as on the first page',
    );
  }
  return lastKey;
}

function readToken(token: string): { hash: string; lastKey: string } {
  if (token.length > MAX_TOKEN_LENGTH) throw notAToken();
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.toString('base64url') !== token.replace(/=+$/, '')) throw notAToken();
  const content = parseJson(bytes.toString('utf8'));
  if (!Array.isArray(content) || content.length !== 3) throw notAToken();
  const [version, hash, lastKey]: unknown[] = content;
  if (version !== VERSION || typeof hash !== 'string' || typeof lastKey !== 'string') throw notAToken();
  return { hash, lastKey };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notAToken();
  }
}

function notAToken(): ApiError {
  return invalidField(
    'pageToken',
    'is not a page token; allowed: the nextPageToken of an earlier page, unchanged',
  );
}

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/** FNV-1a of 64 bits. It tells queries apart; it does not protect against forgery. */
function queryHash({ parent, filter = '', orderBy = '' }: ListQuery): string {
  let hash = FNV_OFFSET;
  for (const byte of Buffer.from(JSON.stringify([parent, filter, orderBy]), 'utf8')) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME);
  }
  return hash.toString(36);
}
