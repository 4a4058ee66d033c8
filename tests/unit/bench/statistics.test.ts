import { quantile, ratio, spread } from '../../../bench/statistics';
import { varyEvent } from '../../../bench/varyEvent';
import { readEvent } from '../../support/events';

describe('A measure over several rounds', () => {
  it('is told by its median and the middle half, whatever the order', () => {
    expect(spread([5, 1, 4, 2, 3])).toEqual({ median: 3, low: 2, high: 4 });
    expect(quantile([1, 2], 0.5)).toBe(1.5);
  });

  it('is compared round by round, so that a slow round slows both', () => {
    expect(ratio([10, 100, 12], [20, 200, 24])).toBe(0.5);
  });
});

describe('A sample event that is sent again', () => {
  it('goes on in the stream, so that its records are new', () => {
    const event = readEvent('streamProcessor.json');
    const again = varyEvent(event, 1) as typeof event;
    const last = BigInt(event.Records.at(-1)?.dynamodb?.SequenceNumber ?? '');
    expect(BigInt(again.Records[0]?.dynamodb?.SequenceNumber ?? '')).toBeGreaterThan(last);
  });

  it('is the same for an API', () => {
    const event = readEvent('recordVisit.json');
    expect(varyEvent(event, 7)).toEqual(event);
  });
});
