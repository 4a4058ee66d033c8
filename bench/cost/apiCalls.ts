import { httpEvent, restEvent } from '../../tests/support/events';

const page = 'docs/page-0';

/** The API calls that a bill consists of. `lookup` is somebody looking at a count. */
export const apiCalls = {
  webVisit: {
    functionId: 'RecordVisitFunction',
    event: restEvent({ route: '/tags/{tag+}', path: `/tags/${page}` }),
  },
  beaconVisit: {
    functionId: 'RecordVisitFunction',
    event: httpEvent({
      method: 'POST',
      route: '/visits',
      path: '/visits',
      query: `tag=${encodeURIComponent(page)}`,
    }),
  },
  lookup: {
    functionId: 'ViewCountsFunction',
    event: restEvent({ route: '/counts/{tag+}', path: `/counts/${page}` }),
  },
  scriptFetch: {
    functionId: 'SnippetFunction',
    event: httpEvent({ route: '/footfall.js', path: '/footfall.js' }),
  },
};

export type ApiCall = keyof typeof apiCalls;

/** Measures one call after the other. */
export async function measureApiCalls<Value>(
  measure: (call: (typeof apiCalls)[ApiCall]) => Promise<Value>,
): Promise<Record<ApiCall, Value>> {
  return {
    webVisit: await measure(apiCalls.webVisit),
    beaconVisit: await measure(apiCalls.beaconVisit),
    lookup: await measure(apiCalls.lookup),
    scriptFetch: await measure(apiCalls.scriptFetch),
  };
}
