import { list } from './proto/collection.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { text } from './proto/scalar.ts';

export const serviceAccountSchema = message('ServiceAccount', { email: text(), scopes: list(text()) });
export type ServiceAccount = Infer<typeof serviceAccountSchema>;
