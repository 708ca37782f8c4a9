import { describe, expect, it } from 'vitest';
import { readWebhookSecret } from './webhook-secret.ts';

describe('the secret', () => {
  it.each(['whsec_YSBzZWNyZXQgb2YgbWFueSBieXRlcw==', 'YSBzZWNyZXQgb2YgbWFueSBieXRlcw==\n'])(
    'is %j',
    (text) => {
      expect(readWebhookSecret(text)).toEqual(Buffer.from('a secret of many bytes'));
    },
  );

  it.each(['', 'secret', 'whsec_c2hvcnQ=', 'not base64 at all, but long enough'])('is not %j', (text) => {
    expect(() => readWebhookSecret(text)).toThrow(/must be base64 of 16 bytes or more/);
  });
});
