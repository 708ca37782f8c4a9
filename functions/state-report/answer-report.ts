import { encodeMessage } from '../../shared/contract/proto/encode.ts';
import { readMessage } from '../../shared/contract/proto/read.ts';
import {
  type ReportAgentStateRequest,
  reportAgentStateRequestSchema,
  reportAgentStateResponseSchema,
} from '../../shared/contract/report.ts';
import { outputOptions } from '../../shared/contract/system-parameters.ts';
import { parseBody } from '../jobs-api/json-body.ts';
import type { HttpAnswer, HttpRequest } from '../jobs-api/routes.ts';
import { answerJson } from '../lambda/answer-json.ts';
import { type ReportPorts, reportState } from './report-state.ts';

/** What a gateway and a function let through is less. */
const REPORT_BYTES = 8 * 1024 * 1024;

/**
 * Answers a report, and nothing else: it stands behind a method that is open to all. It answers at once: to hold an
 * answer back, as `Prefer: wait` asks for, costs a function's time.
 */
export function answerReport(
  ports: ReportPorts & { readonly logError: (error: unknown) => void },
  request: HttpRequest,
): Promise<HttpAnswer> {
  return answerJson(async () => {
    const output = outputOptions(request.query);
    const report = readReportRequest(parseBody(request.body, REPORT_BYTES));
    const response = await reportState(ports, request.headers.authorization, report);
    return encodeMessage(reportAgentStateResponseSchema, response, output);
  }, ports.logError);
}

/** A report from its JSON; INVALID_ARGUMENT with all that is wrong with it. */
export function readReportRequest(body: unknown): ReportAgentStateRequest {
  return readMessage(reportAgentStateRequestSchema, body);
}
