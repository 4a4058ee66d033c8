import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { serve } from './serve';

/** A fault between a function and the engine. */
export type Fault =
  /** Requests and answers pass unchanged. */
  | 'none'
  /** The request never reaches the engine and never gets an answer. */
  | 'hang'
  /** The connection breaks before the engine sees the request. */
  | 'reset'
  /** The engine handles the request, and the connection breaks before its answer arrives. */
  | 'loseReply'
  /** The engine handles the request, and only half of its answer arrives. */
  | 'cutReply'
  /** DynamoDB reports an internal error, which leaves open whether it wrote. */
  | 'internalError'
  /** DynamoDB throttles the request and writes nothing. */
  | 'throttle'
  | 'throttleOnce'
  /** A throttle under other statuses, and one by its status alone. */
  | 'throttleAs500'
  | 'throttleAs503'
  | 'throttleAs429'
  /** DynamoDB reports a transaction in progress on the item and writes nothing. */
  | 'conflict'
  | 'conflictOnce'
  /** DynamoDB cancels a transaction that conflicts with another write of its first item. */
  | 'cancel'
  | 'cancelOnce'
  /** A load balancer in front of DynamoDB answers 503 with HTML. */
  | 'away'
  /** The answer has status 200 but is not JSON. */
  | 'gibberish'
  /** DynamoDB rejects the signature's time. */
  | 'clockSkewed'
  /** DynamoDB rejects the credentials as expired. */
  | 'expired'
  /** DynamoDB denies the function access. */
  | 'accessDenied';

const conflict = { status: 400, type: 'TransactionConflictException' };
const cancellation = {
  status: 400,
  type: 'TransactionCanceledException',
  details: { CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }] },
};

const errors: Partial<Record<Fault, { status: number; type: string; details?: object }>> = {
  conflict,
  conflictOnce: conflict,
  cancel: cancellation,
  cancelOnce: cancellation,
  throttleAs500: { status: 500, type: 'ThrottlingException' },
  throttleAs503: { status: 503, type: 'ThrottlingException' },
  throttleAs429: { status: 429, type: 'Unheard' },
  clockSkewed: { status: 400, type: 'InvalidSignatureException' },
  expired: { status: 400, type: 'ExpiredTokenException' },
  internalError: { status: 500, type: 'InternalServerError' },
  throttle: { status: 400, type: 'ProvisionedThroughputExceededException' },
  throttleOnce: { status: 400, type: 'ProvisionedThroughputExceededException' },
  accessDenied: { status: 400, type: 'AccessDeniedException' },
};

export interface FaultyProxy {
  endpoint: string;
  fault: Fault;
  /** The number of requests since a test last set it. */
  attempts: number;
  /** The headers of each request, in order. */
  requests: IncomingHttpHeaders[];
  /** The body of the last request. */
  body: Buffer;
  /** How far DynamoDB's clock is ahead, in the header `Date` of its answers. */
  clockAheadMs: number;
}

/** Starts a server in front of the engine that injects `fault` into each call. */
export async function startFaultyProxy(engineEndpoint: string): Promise<FaultyProxy> {
  const proxy: FaultyProxy = {
    ...{ endpoint: '', fault: 'none', attempts: 0, requests: [], clockAheadMs: 0 },
    body: Buffer.alloc(0),
  };
  const port = await serve((request, response) => {
    void answer(proxy, engineEndpoint, request, response);
  });
  proxy.endpoint = `http://127.0.0.1:${port}`;
  return proxy;
}

async function answer(
  proxy: FaultyProxy,
  engineEndpoint: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  proxy.attempts += 1;
  proxy.requests.push(request.headers);
  response.setHeader('date', new Date(Date.now() + proxy.clockAheadMs).toUTCString());
  const { fault } = proxy;
  const body = await buffer(request);
  proxy.body = body;
  if (fault === 'hang') return;
  if (fault === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  if (fault === 'away' || fault === 'gibberish') {
    response.writeHead(fault === 'away' ? 503 : 200).end('<h1>Somewhere else</h1>');
    return;
  }
  const error = errors[fault];
  if (error) {
    if (fault.endsWith('Once')) proxy.fault = 'none';
    const __type = `com.amazonaws.dynamodb.v20120810#${error.type}`;
    response.writeHead(error.status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ __type, message: 'The secret cause.', ...error.details }));
    return;
  }
  const passedOn = Object.entries(request.headers).filter(([name]) =>
    /^(x-amz|authorization|content-type)/.test(name),
  );
  const headers = Object.fromEntries(passedOn) as Record<string, string>;
  const forwarded = await fetch(engineEndpoint, { method: 'POST', headers, body });
  const reply = Buffer.from(await forwarded.arrayBuffer());
  if (fault === 'loseReply') {
    request.socket.resetAndDestroy();
    return;
  }
  response.writeHead(forwarded.status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': reply.length,
  });
  if (fault === 'cutReply') {
    response.write(reply.subarray(0, reply.length / 2), () => request.socket.resetAndDestroy());
    return;
  }
  response.end(reply);
}
