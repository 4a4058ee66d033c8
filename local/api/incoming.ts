import type { IncomingMessage } from 'node:http';

/** A request as it came in, read whole. */
export interface Incoming {
  method: string;
  /** Percent-encoded, without stage and query. */
  path: string;
  /** The stage as it stood in the address, such as `/Prod`, or nothing. */
  stagePrefix: string;
  rawQuery: string;
  /** Name and value, in order, with the case in which they were sent. */
  headers: [string, string][];
  body: Buffer;
  sourceIp: string;
  timeMs: number;
  requestId: string;
}

/** API Gateway takes 10 MB. */
export const maxBodyBytes = 10 * 1024 * 1024;

/** The body is over API Gateway's limit. */
export class BodyTooLargeError extends Error {}

/**
 * Reads a request. @throws BodyTooLargeError
 * @param stages the stages' names, which may stand in front of the path
 */
export async function readIncoming(
  message: IncomingMessage,
  stages: string[],
  requestId: string,
  timeMs: number,
): Promise<Incoming> {
  const [fullPath = '/', ...query] = (message.url ?? '/').split('?');
  const stage = stages.find((name) => fullPath === `/${name}` || fullPath.startsWith(`/${name}/`));
  const path = stage === undefined ? fullPath : fullPath.slice(stage.length + 1) || '/';
  return {
    method: message.method ?? 'GET',
    path,
    stagePrefix: stage === undefined ? '' : `/${stage}`,
    rawQuery: query.join('?'),
    headers: pairs(message.rawHeaders),
    body: await readBody(message),
    sourceIp: message.socket.remoteAddress ?? '127.0.0.1',
    timeMs,
    requestId,
  };
}

/** Headers by lower-case name, repeated ones joined. */
export function joinHeaders(headers: [string, string][]): Record<string, string | undefined> {
  return joinValues(headers.map(([name, value]) => [name.toLowerCase(), value]));
}

/** Values by name, repeated ones joined with commas. */
export function joinValues(pairs: [string, string][]): Record<string, string | undefined> {
  return Object.fromEntries([...groupValues(pairs)].map(([name, values]) => [name, values.join(',')]));
}

/** A Map, for a client may call its header or parameter `constructor`. */
export function groupValues(pairs: [string, string][]): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const [name, value] of pairs) grouped.set(name, [...(grouped.get(name) ?? []), value]);
  return grouped;
}

function pairs(rawHeaders: string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    result.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '']);
  }
  return result;
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new BodyTooLargeError();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
