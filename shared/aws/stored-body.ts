import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/** A body as an attribute of its item: JSON as it is, or compressed. */
export type StoredBody = { readonly S: string } | { readonly B: Uint8Array };

/**
 * DynamoDB charges a write by whole kilobytes, twice in a transaction, and once more in each index; a shorter JSON saves
 * nothing when it is compressed, and stays readable in the console. What is left of the first kilobyte is for keys.
 */
const COMPRESS_FROM = 850;

/** Repetitive as our JSON is, a higher quality costs several times the time for a few percent. */
const QUALITY = 4;

/** The attribute that keeps a body. */
export function storeBody(body: object): StoredBody {
  const json = JSON.stringify(body);
  if (json.length < COMPRESS_FROM && Buffer.byteLength(json) < COMPRESS_FROM) return { S: json };
  const text = Buffer.from(json);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: QUALITY,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  return { B: brotliCompressSync(text, { params }) };
}

/** The body that an attribute keeps; in what Lambda delivers of a stream, binary values are base64. */
export function readBody(stored: unknown): unknown {
  const { S: text, B: packed } = (stored ?? {}) as { S?: unknown; B?: unknown };
  if (typeof text === 'string') return JSON.parse(text);
  if (packed instanceof Uint8Array) return unpack(packed);
  if (typeof packed === 'string') return unpack(Buffer.from(packed, 'base64'));
  throw new Error('an item of the table has no body that this version can read');
}

function unpack(packed: Uint8Array): unknown {
  return JSON.parse(brotliDecompressSync(packed).toString('utf8'));
}
