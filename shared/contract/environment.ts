import { mapOf } from './proto/collection.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { text } from './proto/scalar.ts';

/** Environment variables as one encrypted JSON dictionary, and the key that decrypts it. */
export const kmsEnvMapSchema = message('KMSEnvMap', { keyName: text(), cipherText: text() });
export type KmsEnvMap = Infer<typeof kmsEnvMapSchema>;

/** Environment variables of a task or a runnable; a runnable's override its task's. */
export const environmentSchema = message('Environment', {
  variables: mapOf(text()),
  /** Variable name to the name of a secret, `projects/{p}/secrets/{s}/versions/{v}`. */
  secretVariables: mapOf(text()),
  encryptedVariables: kmsEnvMapSchema,
});
export type Environment = Infer<typeof environmentSchema>;
