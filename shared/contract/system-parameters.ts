import { invalidField } from './error.ts';

/** Query parameters that every method of Google's APIs takes, also with a leading `$` (Batch discovery document). */
const SYSTEM_PARAMETERS = new Set(
  [
    'access_token',
    'alt',
    'callback',
    'fields',
    'key',
    'oauth_token',
    'prettyPrint',
    'quotaUser',
    'upload_protocol',
    'uploadType',
    'xgafv',
    '.xgafv',
  ].flatMap((name) => [name, `$${name}`]),
);

/** True for a query parameter that says nothing about the method itself and may always be there. */
export function isSystemParameter(name: string): boolean {
  return SYSTEM_PARAMETERS.has(name);
}

/** How the client wants its answer written. */
export interface OutputOptions {
  /** Enums as numbers. Default false. */
  enumsAsNumbers: boolean;
  /** Indented JSON. Default true, as with Google's APIs. */
  pretty: boolean;
}

const FLAGS: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };

/**
 * Reads `alt` or `$alt` (`json`, `json;enum-encoding=int`) and `prettyPrint` or `$prettyPrint` (true, false, 1, 0).
 * Throws INVALID_ARGUMENT for another encoding, such as `alt=proto`, or another flag.
 */
export function outputOptions(query: URLSearchParams): OutputOptions {
  const alt = query.get('$alt') ?? query.get('alt') ?? 'json';
  const pretty = query.get('$prettyPrint') ?? query.get('prettyPrint') ?? 'true';
  const [media, ...parameters] = alt.split(';').map((part) => part.trim().toLowerCase());
  const unknown = parameters.find(
    (parameter) => parameter !== 'enum-encoding=int' && parameter !== 'enum-encoding=string',
  );
  if (media !== 'json' || unknown !== undefined) {
    throw invalidField('alt', `must be json or json;enum-encoding=int; given ${JSON.stringify(alt)}`);
  }
  const isPretty = Object.hasOwn(FLAGS, pretty) ? FLAGS[pretty] : undefined;
  if (isPretty === undefined) {
    throw invalidField('prettyPrint', `must be true, false, 1 or 0; given ${JSON.stringify(pretty)}`);
  }
  return { enumsAsNumbers: parameters.includes('enum-encoding=int'), pretty: isPretty };
}
