import { InvalidRequestError } from '../../../src/errors/footfallError';
import { InvalidDayRangeError, parseDayRange } from '../../../src/days/dayRange';

/** The last second of 2026-11-21, UTC. */
const nowMs = Date.UTC(2026, 10, 21, 23, 59, 59);

describe('A day range', () => {
  it.each([
    [undefined, undefined, '2026-10-23', '2026-11-21'],
    ['2026-11-01', undefined, '2026-11-01', '2026-11-21'],
    [undefined, '2026-03-01', '2026-01-31', '2026-03-01'],
    ['2026-11-21', '2026-11-21', '2026-11-21', '2026-11-21'],
    ['2024-01-01', '2024-12-31', '2024-01-01', '2024-12-31'],
    ['2026-11-20', '2026-11-30', '2026-11-20', '2026-11-30'],
  ])('from %s to %s covers %s to %s', (from, to, first, last) => {
    expect(parseDayRange({ from, to }, nowMs)).toEqual({ from: first, to: last });
  });

  it.each([
    ['2026-02-30', undefined, '`from` must be a date'],
    ['yesterday', undefined, '`from` must be a date'],
    ['', undefined, '`from` must be a date'],
    ['2026-1-1', undefined, '`from` must be a date'],
    ['+002026-01-01', undefined, '`from` must be a date'],
    [undefined, '2026-13-01', '`to` must be a date'],
    [undefined, '2026-11-21T00:00', '`to` must be a date'],
    ['2026-11-02', '2026-11-01', '`from` (2026-11-02) must not be later than `to` (2026-11-01).'],
    ['2026-11-22', undefined, '`from` (2026-11-22) must not be later than `to` (2026-11-21).'],
    ['2024-01-01', '2025-01-01', 'The range has 367 days; the maximum is 366.'],
    ['1000-01-01', '9999-12-31', 'the maximum is 366'],
    ['0999-12-31', undefined, '`from` must be a date'],
    [undefined, '0000-01-05', '`to` must be a date'],
  ])('from %j to %j is rejected', (from, to, message) => {
    expect(() => parseDayRange({ from, to }, nowMs)).toThrow(InvalidRequestError);
    expect(() => parseDayRange({ from, to }, nowMs)).toThrow(message);
  });

  it.each([
    ['1', undefined, '2026-11-21', '2026-11-21'],
    ['7', undefined, '2026-11-15', '2026-11-21'],
    ['366', undefined, '2025-11-21', '2026-11-21'],
    ['7', '2026-03-01', '2026-02-23', '2026-03-01'],
  ])('of %s days up to %s covers %s to %s', (days, to, first, last) => {
    expect(parseDayRange({ to, days }, nowMs)).toEqual({ from: first, to: last });
  });

  it.each(['0', '367', '-7', '7.5', '7 ', '', 'week', '1e2', '9'.repeat(400)])(
    'of %j days is rejected',
    (days) => {
      expect(() => parseDayRange({ days }, nowMs)).toThrow(
        new InvalidDayRangeError('`days` must be a number from 1 to 366.'),
      );
    },
  );

  it('takes `from` or `days`, not both', () => {
    expect(() => parseDayRange({ from: '2026-11-01', days: '7' }, nowMs)).toThrow(InvalidRequestError);
  });
});
