import { ApiError, aborted, statusJson } from '../../shared/contract/error.ts';
import { ConflictError } from '../../shared/ports/store.ts';
import type { HttpAnswer } from '../jobs-api/routes.ts';

/** The answer to a call between nodes and the service; errors are answers in the form of google.rpc.Status. */
export async function answerJson(
  call: () => Promise<unknown>,
  logError: (error: unknown) => void,
): Promise<HttpAnswer> {
  try {
    return answer(200, await call());
  } catch (error) {
    const told = error instanceof ConflictError ? aborted('Others are writing the same; try again.') : error;
    if (!(told instanceof ApiError)) logError(error);
    const body = statusJson(told);
    return answer(body.error.code, body);
  }
}

function answer(status: number, value: unknown): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
  };
}
