import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEvent } from 'aws-lambda';

/** The workshop's function that counts a visit, written for SDK v3 without any tuning. */
const client = new DynamoDBClient({});

export async function handler(event: APIGatewayProxyEvent) {
  const tag = event.pathParameters?.tag ?? '';
  const { Attributes } = await client.send(
    new UpdateItemCommand({
      TableName: process.env.TABLE_NAME,
      Key: { ID: { S: tag } },
      UpdateExpression: 'ADD #count :one',
      ExpressionAttributeNames: { '#count': 'Count' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  return {
    statusCode: 200,
    headers: { 'Content-Type': 'text/html' },
    body: `<h1>YOUR VISIT COUNTS.</h1><p>The tag "${tag}" has ${Attributes?.Count?.N ?? 0} total visits.</p>`,
  };
}
