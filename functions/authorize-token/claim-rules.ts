/** What a token lets its bearer do: everything, or to get and list. */
export type Access = 'full' | 'read';

/** A claim and a value that it must have or hold; `*` is any value. */
export interface ClaimRule {
  readonly claim: string;
  readonly value: string;
}

export interface AccessRules {
  /** One of them is enough, for either. */
  readonly full: readonly ClaimRule[];
  readonly read: readonly ClaimRule[];
}

/** Rules as the function is given them: `scope=sluice.write,email=me@example.org`. */
export function readClaimRules(text: string): ClaimRule[] {
  return text
    .split(',')
    .map((rule) => rule.trim())
    .filter((rule) => rule !== '')
    .map((rule) => {
      const at = rule.indexOf('=');
      if (at <= 0 || at === rule.length - 1)
        throw new Error(`a rule for claims must have the form CLAIM=VALUE; given: ${JSON.stringify(rule)}`);
      return { claim: rule.slice(0, at), value: rule.slice(at + 1) };
    });
}

/** The access that the claims of a verified token give, or undefined for none. */
export function accessOf(claims: Readonly<Record<string, unknown>>, rules: AccessRules): Access | undefined {
  if (rules.full.some((rule) => holds(claims, rule))) return 'full';
  if (rules.read.some((rule) => holds(claims, rule))) return 'read';
  return undefined;
}

/** Scopes are one text with spaces between (RFC 8693, section 4.2); groups and roles mostly come as lists. */
function holds(claims: Readonly<Record<string, unknown>>, { claim, value }: ClaimRule): boolean {
  const given = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (given === undefined || given === null) return false;
  if (value === '*') return true;
  if (Array.isArray(given)) return given.includes(value);
  if (claim === 'scope' || claim === 'scp') return String(given).split(' ').includes(value);
  return String(given) === value;
}
