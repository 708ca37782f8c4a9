/** What comes before the first placeholder of a rule. */
export function beginning(rule: string): string {
  return rule.slice(0, rule.indexOf('{'));
}

/**
 * What the names of secrets begin with that hold logins of registries while their job runs. No secret of a job's own may be named
 * so: see the conflicts of settings.
 */
export function loginPrefix(deployment: string): string {
  return `${deployment}-registry-logins/`;
}
