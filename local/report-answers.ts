import { readReportRequest } from '../functions/state-report/answer-report.ts';
import { JobSpecs } from '../functions/state-report/job-specs.ts';
import { placeOf } from '../functions/state-report/node-token.ts';
import { reportState } from '../functions/state-report/report-state.ts';
import type { ReportAgentStateResponse } from '../shared/contract/report.ts';
import type { Clock, Random } from '../shared/ports/clock.ts';
import type { Store } from '../shared/ports/store.ts';
import type { HeldAnswers } from './http/held-answers.ts';

/** The longest that an answer is held back, in seconds. */
const WAIT_AT_MOST = 30;

/**
 * Answers reports. An agent that has nothing to do may ask, with the header `Prefer: wait=SECONDS` (RFC 7240), to be
 * answered only when there is something for it; its report is then taken once more for the answer.
 */
export function reportAnswerer(ports: { store: Store; clock: Clock; random: Random }, held: HeldAnswers) {
  const reportPorts = { ...ports, specs: new JobSpecs(ports.store) };
  return async (
    _parent: string,
    headers: Readonly<Record<string, string | undefined>>,
    body: unknown,
  ): Promise<ReportAgentStateResponse> => {
    const request = readReportRequest(body);
    const seconds = Math.min(
      WAIT_AT_MOST,
      Number(/(?:^|[,;\s])wait=(\d+)/.exec(headers.prefer ?? '')?.[1] ?? 0),
    );
    if (seconds === 0) return reportState(reportPorts, headers.authorization, request);
    // Waiting begins before the first look, so that nothing can happen unseen in between.
    const change = held.wait(placeOf(headers.authorization).jobUid, seconds * 1000);
    const answer = await reportState(reportPorts, headers.authorization, request);
    if ((answer.tasks ?? []).length > 0 || answer.assignment !== undefined) return answer;
    await change;
    return reportState(reportPorts, headers.authorization, request);
  };
}
