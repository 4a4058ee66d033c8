import { startTestEngine } from '../../tests/support/engine';
import { startFunction } from '../../tests/support/functions';
import { look, pageVisit, scriptFetch, webVisit } from './units';

export interface MeasuredAnswers {
  webVisit: number;
  pageVisit: number;
  look: number;
  scriptFetch: number;
}

/** Bytes of what the functions answer, headers included; what API Gateway adds is not. */
export async function measureAnswers(): Promise<MeasuredAnswers> {
  const engine = await startTestEngine();
  const measure = async (id: string, event: unknown) => {
    const { headers, body } = await (await startFunction(id, engine)).answer(event);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.byteLength(lines.join('')) + Buffer.byteLength(body);
  };
  return {
    webVisit: await measure('RecordVisitFunction', webVisit),
    pageVisit: await measure('RecordVisitFunction', pageVisit),
    look: await measure('ViewCountsFunction', look),
    scriptFetch: await measure('SnippetFunction', scriptFetch),
  };
}
