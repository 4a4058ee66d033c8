import { quantile, ratio, spread } from '../../../bench/statistics';
import { varyEvent } from '../../../bench/varyEvent';
import { readEvent } from '../../support/events';

describe('A measure over several rounds', () => {
  it('is reported as its median and middle half, in any order of the rounds', () => {
    expect(spread([5, 1, 4, 2, 3])).toEqual({ median: 3, low: 2, high: 4 });
    expect(quantile([1, 2], 0.5)).toBe(1.5);
  });

  it('is compared round by round, so a slow round slows both sides', () => {
    expect(ratio([10, 100, 12], [20, 200, 24])).toBe(0.5);
  });
});

describe('A sample event that is sent repeatedly', () => {
  it('gets later sequence numbers if it comes from a stream, so its records are new', () => {
    const event = readEvent('streamProcessor.json');
    const again = varyEvent(event, 1) as typeof event;
    const last = BigInt(event.Records.at(-1)?.dynamodb?.SequenceNumber ?? '');
    expect(BigInt(again.Records[0]?.dynamodb?.SequenceNumber ?? '')).toBeGreaterThan(last);
  });

  it('stays the same if it comes from an API', () => {
    const event = readEvent('recordVisit.json');
    expect(varyEvent(event, 7)).toEqual(event);
  });
});
