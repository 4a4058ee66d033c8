import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { serve } from './serve';

/** What goes wrong between a function and the engine. */
export type Fault =
  /** Nothing. */
  | 'none'
  /** The request never gets an answer, nor to the engine. */
  | 'hang'
  /** The connection breaks before the engine sees the request. */
  | 'reset'
  /** The engine does as asked, and the connection breaks before its answer. */
  | 'loseReply'
  /** The engine does as asked, and half of its answer arrives. */
  | 'cutReply'
  /** DynamoDB says that it failed, and does not say whether it wrote. */
  | 'internalError'
  /** DynamoDB says that it is too much now; it wrote nothing. */
  | 'throttle'
  | 'throttleOnce'
  /** The same by other statuses, and by a status alone. */
  | 'throttleAs500'
  | 'throttleAs503'
  | 'throttleAs429'
  /** DynamoDB says that a transaction is under way on the item; it wrote nothing. */
  | 'conflict'
  | 'conflictOnce'
  /** The same of a transaction that met another write of its first item. */
  | 'cancel'
  | 'cancelOnce'
  /** What stands before DynamoDB says that it is away, not in DynamoDB's words. */
  | 'away'
  /** An answer of 200 that is no JSON. */
  | 'gibberish'
  /** DynamoDB says that the signature's time is too far off. */
  | 'clockSkewed'
  /** DynamoDB knows the credentials no more. */
  | 'expired'
  /** DynamoDB says that the function may not. */
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
  /** How many requests have arrived since it was last set. */
  attempts: number;
  /** The headers of each request, the last one last. */
  requests: IncomingHttpHeaders[];
  /** The body of the last request. */
  body: Buffer;
  /** How far DynamoDB's clock is ahead, as the header `Date` of its answers tells it. */
  clockAheadMs: number;
}

/** A server in front of the engine that fails as it is told to. */
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
