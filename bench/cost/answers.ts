import { startTestEngine } from '../../tests/support/engine';
import { startFunction } from '../../tests/support/functions';
import { measureApiCalls } from './apiCalls';

/** Bytes that the functions answer, headers included. API Gateway's own headers are an assumption. */
export async function measureAnswers() {
  const engine = await startTestEngine();
  return measureApiCalls(async ({ functionId, event }) => {
    const { headers, body } = await (await startFunction(functionId, engine)).answer(event);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.byteLength(lines.join('')) + Buffer.byteLength(body);
  });
}
