import { invalidArgument, invalidField, type Violation } from './error.ts';
import { type Job, jobSchema } from './job.ts';
import { fillDefaults } from './job-defaults.ts';
import { limits } from './limits.ts';
import type { LogsPolicy } from './logs-policy.ts';
import { snakeCase } from './proto/message.ts';
import { Problems } from './proto/problems.ts';
import { checkAllocationPolicy } from './rules/allocation-rules.ts';
import { checkDependencies } from './rules/dependency-rules.ts';
import { moveDeprecatedFields } from './rules/deprecated-fields.ts';
import { checkGroupOrder } from './rules/group-order-rules.ts';
import { checkLabelCount, checkLabels, countLabels } from './rules/label-rules.ts';
import { checkNotification } from './rules/notification-rules.ts';
import { checkRange, isUnset } from './rules/range.ts';
import { checkTaskGroup } from './rules/task-group-rules.ts';

/** A job as the service takes it on. */
export interface AcceptedJob {
  job: Job;
  /** What the client said itself, where a default would hide it; one item for each task group. */
  given: { cpuMilli: boolean[]; memoryMib: boolean[] };
}

/**
 * Takes the body of a jobs.create: reads it, moves deprecated fields, checks every rule that needs nothing but the job
 * itself, and fills in defaults. Output-only fields are dropped, since clients send back what they got. As everywhere in
 * proto3, 0 and "" are the same as absent where they are no value of the field.
 *
 * Throws INVALID_ARGUMENT with all violations: path, what was given, what is allowed.
 */
export function acceptJob(body: unknown): AcceptedJob {
  checkSize(body);
  const shape = new Problems();
  const read = jobSchema.read(withoutOutputOnly(body), shape);
  const rules = new Problems();
  const job = moveDeprecatedFields(rules, read);
  checkJob(rules, job);
  const violations = [...shape.violations, ...unexplained(rules.violations, shape.violations)];
  if (violations.length > 0) throw invalidArgument(violations);
  const resources = (job.taskGroups ?? []).map((group) => group.taskSpec?.computeResource);
  return {
    job: fillDefaults(job),
    given: {
      cpuMilli: resources.map((resource) => !isUnset(resource?.cpuMilli)),
      memoryMib: resources.map((resource) => !isUnset(resource?.memoryMib)),
    },
  };
}

const OUTPUT_ONLY = ['name', 'uid', 'status', 'createTime', 'updateTime'].flatMap((field) => [
  field,
  snakeCase(field),
]);

function withoutOutputOnly(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  if (!OUTPUT_ONLY.some((field) => Object.hasOwn(body, field))) return body;
  return Object.fromEntries(Object.entries(body).filter(([field]) => !OUTPUT_ONLY.includes(field)));
}

function checkSize(body: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(body) ?? '');
  if (bytes <= limits.jobBytes) return;
  throw invalidField('', `a job must be at most ${limits.jobBytes} bytes of JSON; given ${bytes}`);
}

/** Rule violations other than those of a value that could not be read, which was replaced by a placeholder. */
function unexplained(found: readonly Violation[], unread: readonly Violation[]): Violation[] {
  return found.filter(
    ({ field }) =>
      !unread.some(
        ({ field: bad }) => field === bad || field.startsWith(`${bad}.`) || field.startsWith(`${bad}[`),
      ),
  );
}

function checkJob(problems: Problems, job: Job): void {
  const { taskGroups = [], logsPolicy } = job;
  if (taskGroups.length === 0) {
    problems.at('taskGroups', () => problems.add('must have at least one task group; given none'));
  }
  const displayNames = new Set<string>();
  problems.each('taskGroups', taskGroups, (group) => checkTaskGroup(problems, group, displayNames));
  checkGroupOrder(problems, taskGroups ?? []);
  checkRange(problems, 'priority', job.priority, limits.priority);
  checkLabels(problems, job.labels);
  checkLabelCount(problems, countAllLabels(job), limits.jobLabels, 'labels of a job and its runnables');
  problems.at('allocationPolicy', () => checkAllocationPolicy(problems, job.allocationPolicy));
  if (logsPolicy !== undefined) problems.at('logsPolicy', () => checkLogsPolicy(problems, logsPolicy));
  problems.each('notifications', job.notifications, (one) => checkNotification(problems, one));
  checkDependencies(problems, job.dependencies);
}

function countAllLabels({ labels, taskGroups = [] }: Job): number {
  const runnables = taskGroups.flatMap((group) => group.taskSpec?.runnables ?? []);
  return runnables.reduce((sum, runnable) => sum + countLabels(runnable.labels), countLabels(labels));
}

function checkLogsPolicy(problems: Problems, { destination, logsPath }: LogsPolicy): void {
  if (destination !== 'PATH' || logsPath?.startsWith('/') === true) return;
  problems.at('logsPath', () =>
    problems.refuse(logsPath ?? '', 'an absolute path when the destination is PATH'),
  );
}
