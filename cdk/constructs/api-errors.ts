import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { type StatusCode, statusCodes } from '../../shared/contract/error.ts';

/** What the gateway says of itself, as JSON. */
const MESSAGE = '$context.error.messageString';

/** What the gateway answers without asking a function, and the code of google.rpc that a client is to see in it. */
const gatewayErrors: readonly (readonly [type: ResponseType, status: StatusCode, message?: string])[] = [
  [ResponseType.ACCESS_DENIED, 'PERMISSION_DENIED'],
  [ResponseType.WAF_FILTERED, 'PERMISSION_DENIED'],
  [ResponseType.UNAUTHORIZED, 'UNAUTHENTICATED', 'the bearer token is missing, not valid or over'],
  [ResponseType.INVALID_SIGNATURE, 'UNAUTHENTICATED'],
  [ResponseType.EXPIRED_TOKEN, 'UNAUTHENTICATED'],
  [
    ResponseType.MISSING_AUTHENTICATION_TOKEN,
    'UNAUTHENTICATED',
    'the request is not signed, or its path is not of this API: /v1/projects/{project}/locations/{location}/…',
  ],
  [ResponseType.RESOURCE_NOT_FOUND, 'NOT_FOUND'],
  [ResponseType.THROTTLED, 'RESOURCE_EXHAUSTED'],
  [ResponseType.QUOTA_EXCEEDED, 'RESOURCE_EXHAUSTED'],
  [ResponseType.REQUEST_TOO_LARGE, 'INVALID_ARGUMENT'],
  [ResponseType.INTEGRATION_TIMEOUT, 'DEADLINE_EXCEEDED'],
  [ResponseType.INTEGRATION_FAILURE, 'UNAVAILABLE'],
  [ResponseType.AUTHORIZER_FAILURE, 'UNAVAILABLE'],
  [ResponseType.DEFAULT_4XX, 'INVALID_ARGUMENT'],
  [ResponseType.DEFAULT_5XX, 'UNAVAILABLE'],
];

/** Makes the gateway's own errors errors of the API: clients of Batch read them, and retry those that may pass. */
export function speakStatus(api: RestApi): void {
  for (const [type, status, message] of gatewayErrors) {
    const code = statusCodes[status].http;
    const said = message === undefined ? MESSAGE : JSON.stringify(message);
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: String(code),
      templates: {
        'application/json': `{"error":{"code":${code},"message":${said},"status":"${status}","details":[]}}`,
      },
    });
  }
}
