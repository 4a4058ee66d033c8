import { parseDay } from '../../../src/days/day';
import { addDayVisits } from '../../../src/ledger/dayVisits';
import { foldReadings, packMoves, type Move, type Row } from '../../../src/ledger/fold';
import { openDayOf } from '../../../src/ledger/row';
import type { Reading } from '../../../src/ledger/reading';

const day = (text: string) => parseDay('day', text);

const reading = (sequence: string, count: number, before: number, day = '2026-01-01'): Reading => ({
  ...{ tag: 'a', count, before, day },
  position: { stream: '', sequence },
});
const row = (count: number, sequence: string, day = '2026-01-01', opening = 0): Row => ({
  ...{ reading: count, position: { stream: '', sequence }, day, opening, turns: 0 },
});

it('recovers a lost record’s visits from the next reading', () => {
  expect(foldReadings(row(1, '1'), [reading('3', 3, 2)])).toMatchObject({
    difference: 2,
    to: { reading: 3 },
  });
});

it('ignores a record at or before the position of the row', () => {
  expect(foldReadings(row(5, '9'), [reading('9', 5, 4), reading('8', 4, 3)])).toBeUndefined();
});

it('advances the position even when the count is unchanged', () => {
  expect(foldReadings(row(5, '9'), [reading('10', 5, 5)])).toMatchObject({
    difference: 0,
    to: { position: { sequence: '10' } },
  });
});

it('assigns the count from before a tag’s first reading to no day', () => {
  const move = foldReadings(undefined, [reading('1', 8, 7)]);
  expect(move).toMatchObject({ difference: 8, imageDifference: 1, to: { opening: 7 } });
});

it('closes a day when a record of another day arrives, and subtracts a deletion from its own day', () => {
  const move = foldReadings(row(5, '1', '2026-01-01', 2), [
    reading('2', 6, 5),
    reading('3', 0, 6, '2026-01-02'),
    reading('4', 1, 0, '2026-01-02'),
  ]);
  expect(move?.closedDays).toEqual(new Map([['2026-01-01', 4]]));
  expect(move?.visitsByDay).toEqual(
    new Map([
      ['2026-01-01', 1],
      ['2026-01-02', -5],
    ]),
  );
  expect(move?.to).toMatchObject({ reading: 1, day: '2026-01-02', opening: 6, turns: 1 });
  expect(
    addDayVisits(
      move?.closedDays ?? new Map(),
      openDayOf(move?.to).visits,
      day('2026-01-01'),
      day('2026-01-03'),
    ),
  ).toEqual([
    { day: '2026-01-01', visits: 4 },
    { day: '2026-01-02', visits: 0 },
    { day: '2026-01-03', visits: 0 },
  ]);
});

it('lists the days of a leap February, of a single day and of an empty range', () => {
  expect(
    addDayVisits(new Map(), new Map(), day('2028-02-28'), day('2028-03-01')).map(({ day }) => day),
  ).toEqual(['2028-02-28', '2028-02-29', '2028-03-01']);
  expect(addDayVisits(new Map([['2026-01-01', 2]]), new Map(), day('2026-01-01'), day('2026-01-01'))).toEqual(
    [{ day: '2026-01-01', visits: 2 }],
  );
  expect(addDayVisits(new Map(), new Map(), day('2026-01-02'), day('2026-01-01'))).toEqual([]);
});

it.each([
  ['99 tags with the total', 99, 0, [99]],
  ['100 tags with the total', 100, 0, [99, 1]],
  ['99 tags whose day ends', 99, 1, [49, 49, 1]],
])('packs %s into transactions of 100 items', (_name, tags, daysEnded, sizes) => {
  const closedDays = new Map(Array.from({ length: daysEnded }, (_, index) => [`2026-01-0${index + 1}`, 1]));
  const move: Move = {
    tag: 'a',
    from: undefined,
    to: row(1, '1'),
    closedDays,
    visitsByDay: new Map(),
    difference: 1,
    imageDifference: 1,
  };
  expect(packMoves(new Array<Move>(tags).fill(move)).map((transaction) => transaction.length)).toEqual(sizes);
});
