import type { RegistryCredentials } from '../../../shared/ports/image-registry.ts';

/** The header with which the engine is told who pulls. Base64 for URLs, padded: without padding it is silently ignored. */
export function registryAuth(credentials: RegistryCredentials | undefined): Record<string, string> {
  if (credentials === undefined) return {};
  const base64 = Buffer.from(JSON.stringify(credentials)).toString('base64');
  return { 'x-registry-auth': base64.replaceAll('+', '-').replaceAll('/', '_') };
}
