/** What a job id looks like: at most 63 of a-z, 0-9 and '-', first a letter, last no '-' (Batch API, jobs.create). */
export const JOB_ID = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Characters of the job id that a job's uid starts with. */
const UID_PREFIX_LENGTH = 18;

/**
 * A new uid for a job: the first 18 characters of its id, then random hex digits in groups of 8, 4 and 5, as real uids are
 * (`nf-506837f6-169652-518cfb1d-3ee6-43030`). `random` yields numbers in [0, 1) as Math.random does.
 */
export function newJobUid(jobId: string, random: () => number): string {
  const prefix = jobId.slice(0, UID_PREFIX_LENGTH).replace(/-+$/, '');
  return [prefix, ...[8, 4, 5].map((digits) => hex(digits, random))].join('-');
}

/** An id for a job that was created without one: `j-` and 16 random hex digits. */
export function newJobId(random: () => number): string {
  return `j-${hex(16, random)}`;
}

function hex(digits: number, random: () => number): string {
  let text = '';
  for (let i = 0; i < digits; i++) text += Math.floor(random() * 16).toString(16);
  return text;
}
