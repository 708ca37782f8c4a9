import type { JobHead } from '../shared/core/job/job-record.ts';
import type { LoginSecrets } from '../shared/ports/login-secrets.ts';

/** Where logins of registries are kept for those who start nodes; absent where nodes pull images themselves. */
export interface LoginPorts {
  readonly logins?: Pick<LoginSecrets, 'forget'>;
}

/** Forgets what was kept for a job that starts no node any more. Forgetting twice is harmless; undefined is no job. */
export async function forgetLogins({ logins }: LoginPorts, job: JobHead | undefined): Promise<void> {
  if (logins === undefined || job === undefined) return;
  for (let order = 0; order < (job.registryLogins ?? 0); order += 1)
    await logins.forget({ jobUid: job.uid, order });
}
