/** How a registry wants to be asked, from the `WWW-Authenticate` header of its 401. */
export type RegistryChallenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer';
      /** Where tokens are given out. */
      readonly realm: string;
      readonly service?: string;
      readonly scope?: string;
    };

const CHALLENGE = /(?:^|,\s*)(basic|bearer)\s+/gi;
const PARAMETER = /([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi;

/** Reads the challenge; of several a token is taken. Undefined for a header that names neither way. */
export function parseChallenge(header: string): RegistryChallenge | undefined {
  const starts = [...header.matchAll(CHALLENGE)];
  const challenges = starts.map((start, at) => ({
    scheme: start[1]?.toLowerCase(),
    text: header.slice(start.index + start[0].length, starts[at + 1]?.index),
  }));
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  if (bearer !== undefined) {
    const { realm, service, scope } = parameters(bearer.text);
    if (realm !== undefined) {
      return {
        scheme: 'bearer',
        realm,
        ...(service === undefined ? {} : { service }),
        ...(scope === undefined ? {} : { scope }),
      };
    }
  }
  return challenges.some(({ scheme }) => scheme === 'basic') ? { scheme: 'basic' } : undefined;
}

function parameters(text: string): Record<string, string | undefined> {
  return Object.fromEntries(
    [...text.matchAll(PARAMETER)].map(([, name = '', quoted, bare]) => [
      name.toLowerCase(),
      quoted?.replace(/\\(.)/g, '$1') ?? bare,
    ]),
  );
}
