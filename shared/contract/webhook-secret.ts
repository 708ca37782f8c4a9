/**
 * Reads the secret of webhooks, as Standard Webhooks has them: base64 of 16 bytes or more, with or without `whsec_` before
 * it. Throws when it is none.
 */
export function readWebhookSecret(text: string): Buffer {
  const base64 = text.trim().replace(/^whsec_/, '');
  const secret = Buffer.from(base64, 'base64');
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(base64) && secret.length >= 16) return secret;
  throw new Error(
    'the secret of webhooks must be base64 of 16 bytes or more, such as `openssl rand -base64 32` gives',
  );
}
