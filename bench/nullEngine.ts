/**
 * Runs in its own process and answers every DynamoDB call at once with the smallest valid answer. With the files of a key
 * and its certificate as arguments it answers over TLS.
 */
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

const answers: Record<string, unknown> = {
  UpdateItem: { Attributes: { Count: { N: '1' }, counter: { N: '1' } } },
  DescribeTable: { Table: { TableName: 'Bench', TableStatus: 'ACTIVE', ItemCount: 1, TableSizeBytes: 1 } },
  Query: { Items: [], Count: 0, ScannedCount: 0 },
  Scan: { Items: [], Count: 0, ScannedCount: 0 },
  BatchGetItem: { Responses: {}, UnprocessedKeys: {} },
  BatchWriteItem: { UnprocessedItems: {} },
};

const answer: RequestListener = (request, response) => {
  const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
  const body = JSON.stringify(answers[operation] ?? {});
  request.resume().on('end', () => {
    response
      .writeHead(200, {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(body),
        'x-amzn-requestid': '00000000',
      })
      .end(body);
  });
};
const [key, cert] = process.argv.slice(2).map((file) => readFileSync(file));
const server = key && cert ? createTlsServer({ key, cert }, answer) : createServer(answer);
server.listen(0, '127.0.0.1', () => {
  process.send?.(`${key ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('disconnect', () => process.exit());
