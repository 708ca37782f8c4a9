import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import type { Host } from '../host.ts';
import { UsageError } from '../usage-error.ts';

interface Given {
  webhook?: string[];
  webhookSecretFile?: string;
}

/**
 * Where events are sent to, and what they are signed with. The secret comes from a file or the environment: arguments of
 * a process can be read by all users of its machine.
 */
export function webhookOptions(
  { env, directory }: Pick<Host, 'env' | 'directory'>,
  { webhook: urls, webhookSecretFile: file }: Given,
): { webhooks?: string[]; webhookSecret?: Buffer } {
  if (urls === undefined) {
    if (file === undefined) return {};
    throw new UsageError('--webhook-secret-file needs a --webhook whose messages are signed');
  }
  const webhooks = [...new Set(urls.map(checkUrl))];
  const secret = file === undefined ? env.SLUICE_WEBHOOK_SECRET : readSecretFile(resolve(directory, file));
  if (secret === undefined || secret === '') return { webhooks };
  try {
    return { webhooks, webhookSecret: readWebhookSecret(secret) };
  } catch (error) {
    throw new UsageError(`${file ?? '$SLUICE_WEBHOOK_SECRET'}: ${(error as Error).message}`);
  }
}

function checkUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new UsageError(
      `'${text}' is no address of a webhook; give one that begins with http:// or https://, without a password`,
    );
  }
  return url.href;
}

function readSecretFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the webhooks' secret: ${(error as Error).message}`);
  }
}
