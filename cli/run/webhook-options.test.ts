import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { webhookOptions } from './webhook-options.ts';

const directory = mkdtempSync(join(tmpdir(), 'webhooks-'));
afterAll(() => rmSync(directory, { recursive: true }));
const SECRET = 'whsec_YSBzZWNyZXQgb2YgbWFueSBieXRlcw==';
const webhookSecret = Buffer.from('a secret of many bytes');
const webhook = ['http://localhost/hook'];
const options = (given: Parameters<typeof webhookOptions>[1], env: Record<string, string> = {}) =>
  webhookOptions({ env, directory }, given);

describe('webhooks', () => {
  it('are none where none is given, whatever the environment holds', () => {
    expect(options({}, { SLUICE_WEBHOOK_SECRET: SECRET })).toEqual({});
  });

  it('are signed with the secret of a file, or else of the environment', () => {
    writeFileSync(join(directory, 'secret'), `${SECRET}\n`);
    const env = { SLUICE_WEBHOOK_SECRET: SECRET };
    expect(options({ webhook, webhookSecretFile: 'secret' })).toEqual({ webhooks: webhook, webhookSecret });
    expect(options({ webhook }, env)).toEqual({ webhooks: webhook, webhookSecret });
    expect(options({ webhook: [...webhook, ...webhook] })).toEqual({ webhooks: webhook });
  });

  it.each([
    [{ webhook: ['localhost:80'] }, /'localhost:80' is no address of a webhook/],
    [{ webhook: ['ftp://localhost'] }, /begins with http/],
    [{ webhook: ['https://user:word@localhost'] }, /without a password/],
    [{ webhook, webhookSecretFile: 'absent' }, /cannot read the webhooks' secret: ENOENT/],
    [{ webhookSecretFile: 'secret' }, /needs a --webhook/],
  ])('%j are refused', (given, message) => {
    expect(() => options(given)).toThrow(message);
  });

  it('are refused with a secret that is none, which is not shown', () => {
    expect(() => options({ webhook }, { SLUICE_WEBHOOK_SECRET: 'hush' })).toThrow(
      /^\$SLUICE_WEBHOOK_SECRET: the secret of webhooks must be base64 of 16 bytes or more((?!hush).)*$/,
    );
  });
});
