import type { JobDependency } from '../dependency.ts';
import { JOB_ID } from '../job-id.ts';
import { limits } from '../limits.ts';
import type { Problems } from '../proto/problems.ts';
import { shortJson } from '../proto/problems.ts';

const JOB_NAME = /^projects\/[^/]+\/locations\/[^/]+\/jobs\/([^/]+)$/;

/** Checks a job's dependencies: at most four jobs, by id or full name, each with a state (Google Batch page on dependent jobs). */
export function checkDependencies(
  problems: Problems,
  dependencies: readonly JobDependency[] | undefined,
): void {
  if (dependencies !== undefined && dependencies.length > limits.jobDependencies) {
    problems.at('dependencies', () =>
      problems.add(`must be at most ${limits.jobDependencies} item; given ${dependencies.length}`),
    );
  }
  problems.each('dependencies', dependencies, ({ items = {} }) => {
    const count = Object.keys(items).length;
    if (count > limits.dependencyItems) {
      problems.at('items', () =>
        problems.add(`must be at most ${limits.dependencyItems} jobs; given ${count}`),
      );
    }
    problems.eachEntry('items', items, (name, type) => {
      if (!JOB_ID.test(JOB_NAME.exec(name)?.[1] ?? name)) {
        problems.add(
          `must name a job by its id or as projects/{project}/locations/{location}/jobs/{job}; given ${shortJson(name)}`,
        );
      }
      if (type === 'TYPE_UNSPECIFIED') problems.refuse(type, 'SUCCEEDED, FAILED or FINISHED');
    });
  });
}
