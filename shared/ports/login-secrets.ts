import type { RegistryCredentials } from './image-registry.ts';

/** A login that is kept for a job: the job's uid, and the login's number among those of the job. */
export interface KeptLogin {
  readonly jobUid: string;
  readonly order: number;
}

/** Keeps logins of registries where whoever starts nodes reads them. */
export interface LoginSecrets {
  /** Returns what a node's makeup names it by. Keeping it again replaces it; no error holds any of the login. */
  keep(login: KeptLogin, credentials: RegistryCredentials): Promise<string>;
  /** Forgets a login at once and for good; one that is not there is forgotten already. */
  forget(login: KeptLogin): Promise<void>;
  /** The logins that are kept, the oldest first, at most `limit`. What was kept a moment ago may be missing. */
  kept(limit: number): Promise<KeptLogin[]>;
}
