const SECRET_NAME = /^projects\/[^/]+\/secrets\/([^/]+)(?:\/versions\/[^/]+)?$/;

/** Whether a text that may be a value or the name of a secret is the name of one. */
export function isSecretName(text: string): boolean {
  return SECRET_NAME.test(text);
}

/** What a secret is called in its project; undefined for a text that is no name of a secret. */
export function shortSecretName(text: string): string | undefined {
  return SECRET_NAME.exec(text)?.[1];
}
