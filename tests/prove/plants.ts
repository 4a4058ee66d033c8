import type { Edit } from './subject';

/** A version of the totals that is wrong in one way, as a person might write it. */
export interface Plant {
  name: string;
  edits: Edit[];
  /** A seed under which it falls within sixty histories, where it takes longer under others. */
  soonSeed?: number;
}

const ignoreOlder: Edit = {
  file: 'fold.ts',
  find: 'if (row && !isLater(reading.position, row.position)) continue;',
  replace: '',
};
const addDeltas: Edit = {
  file: 'fold.ts',
  find: 'row = { reading: reading.count,',
  replace: 'row = { reading: (row?.reading ?? 0) + reading.count - reading.before,',
};
const newRowUnguarded: Edit = {
  file: 'totalsStore.ts',
  find: "{ ...common, ConditionExpression: 'attribute_not_exists(ID)' }",
  replace: 'common',
};
const oldRowUnguarded: Edit = {
  file: 'totalsStore.ts',
  find: "ConditionExpression: '#sequence = :sequence AND #stream = :stream',",
  replace: '',
};
const transact = 'await this.client.send(new TransactWriteItemsCommand({ TransactItems: items }));';

const adopt =
  "if (finished && unsettled === 0 && (await store.readCounterState()) === 'rebuilding') await store.adopt();";

function plant(name: string, file: string, find: string, replace: string, soonSeed?: number): Plant {
  return { name, edits: [{ file, find, replace }], ...(soonSeed !== undefined && { soonSeed }) };
}

/** Each edit is a line of the real source; the compiler of the plants insists that it stands there. */
export const plants: Plant[] = [
  plant(
    'counts records, as the workshop does',
    'fold.ts',
    'row = { reading: reading.count,',
    'row = { reading: (row?.reading ?? 0) + 1,',
  ),
  { name: 'adds deltas with no watermark', edits: [ignoreOlder, addDeltas] },
  plant(
    'compares the watermark as text',
    'reading.ts',
    'if (one.sequence.length !== other.sequence.length) return one.sequence.length > other.sequence.length;',
    '',
  ),
  {
    name: 'a token by batch hash instead of the watermark',
    edits: [
      ignoreOlder,
      addDeltas,
      newRowUnguarded,
      oldRowUnguarded,
      {
        file: 'totalsStore.ts',
        find: transact,
        replace: `await this.client.send(new TransactWriteItemsCommand({ TransactItems: items,
          ClientRequestToken: moves.map(({ tag, to }) => tag + to.position.sequence).join() }));`,
      },
    ],
  },
  plant(
    'writes watermark and total apart',
    'totalsStore.ts',
    transact,
    'for (const item of items) await this.client.send(new TransactWriteItemsCommand({ TransactItems: [item] }));',
  ),
  plant(
    "days by the processor's clock",
    'applyBatch.ts',
    'const readings = parseReadings(records, report);',
    `const day = new Date(clock.now()).toISOString().slice(0, 10);
     const readings = parseReadings(records, report).map((reading) => ({ ...reading, day }));`,
  ),
  {
    name: 'reconcile applies what it scanned',
    edits: [
      { file: 'reconcile.ts', find: 'store.askTag(tag);', replace: 'store.askTag(tag, look, clock);' },
      {
        file: 'reconcileStore.ts',
        find: '  BatchGetItemCommand,',
        replace: 'TransactWriteItemsCommand, BatchGetItemCommand,',
      },
      {
        file: 'reconcileStore.ts',
        find: 'async askTag(tag: string): Promise<void> {',
        replace: `async askTag(tag, { count, row }, clock) {
          const day = new Date(clock.now()).toISOString().slice(0, 10);
          const from = row ?? { reading: 0, position: { stream: '', sequence: '' }, day, opening: count };
          const Put = { TableName: this.tables.totals, Item: { ID: { S: tag }, Reading: { N: String(count) },
            Stream: { S: from.position.stream }, Sequence: { S: from.position.sequence }, Day: { S: from.day },
            Opening: { N: String(from.opening) }, Turns: { N: '0' } },
            ConditionExpression: row ? '#sequence = :sequence' : 'attribute_not_exists(ID)',
            ExpressionAttributeNames: { '#sequence': 'Sequence' },
            ExpressionAttributeValues: { ':sequence': { S: from.position.sequence } } };
          const Update = { TableName: this.tables.counts, Key: { ID: { S: 'COUNTER' } },
            UpdateExpression: 'ADD TotalViews :d SET Exact = :e',
            ExpressionAttributeValues: { ':d': { N: String(count - from.reading) }, ':e': { BOOL: true } } };
          return this.client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }, { Update }] }));`,
      },
    ],
  },
  plant(
    "drops a REMOVE's row at once",
    'totalsStore.ts',
    "if (!from) return { Put: { ...common, ConditionExpression: 'attribute_not_exists(ID)' } };",
    `if (to.reading === 0) return { Delete: { TableName: this.tables.totals, Key: { ID: { S: tag } } } };
     if (!from) return { Put: { ...common, ConditionExpression: 'attribute_not_exists(ID)' } };`,
  ),
  plant(
    'compares a rebirth by count',
    'fold.ts',
    'if (row && !isLater(reading.position, row.position)) continue;',
    'if (row && reading.count !== 0 && reading.count <= row.reading) continue;',
  ),
  plant(
    'leaves the watermark when the difference is 0',
    'fold.ts',
    'if (!row || row === from) return undefined;',
    'if (!row || row === from || row.reading === from?.reading) return undefined;',
    197,
  ),
  plant(
    'takes a cancelled transaction for one that was applied before',
    'applyBatch.ts',
    'failures += 1;',
    `if (error instanceof Error && error.name === 'TransactionCanceledException') break;
     failures += 1;`,
  ),
  { name: 'writes rows without their condition', edits: [newRowUnguarded, oldRowUnguarded] },
  plant(
    'answers with the smallest text',
    'applyBatch.ts',
    'const unapplied = readings.find(({ tag }) => pending.has(tag));',
    `const unapplied = readings.filter(({ tag }) => pending.has(tag))
       .sort((one, other) => (one.position.sequence < other.position.sequence ? -1 : 1))[0];`,
    144,
  ),
  plant(
    'answers that all went well',
    'applyBatch.ts',
    'return { batchItemFailures: [{ itemIdentifier: unapplied.position.sequence }] };',
    'break;',
  ),
  plant("reads the total's own records", 'applyBatch.ts', 'if (isCounterRecord(record)) continue;', ''),
  plant(
    'throws at a record of a foreign shape',
    'applyBatch.ts',
    'if (!(error instanceof ForeignRecordError)) throw error;',
    'throw error;',
  ),
  plant(
    'gives a day what a tag had before it was first seen',
    'fold.ts',
    'let opening = row ? row.opening : reading.before;',
    'let opening = row ? row.opening : 0;',
  ),
  plant(
    'sets a day that ended, adding nothing',
    'totalsStore.ts',
    "'ADD Visits :visits'",
    "'SET Visits = :visits'",
    104,
  ),
  plant("keeps the old day's opening reading", 'fold.ts', 'opening = row.reading;', ''),
  plant(
    'books the day that ended on the new one',
    'fold.ts',
    'closedDays.set(row.day, (closedDays.get(row.day) ?? 0) + row.reading - row.opening);',
    'closedDays.set(reading.day, (closedDays.get(reading.day) ?? 0) + row.reading - row.opening);',
  ),
  plant(
    'forgets the ended days that a batch had before',
    'fold.ts',
    '(closedDays.get(row.day) ?? 0) + row.reading - row.opening',
    'row.reading - row.opening',
  ),
  plant(
    'counts tags, not items, of a transaction',
    'fold.ts',
    'const needed = 1 + move.closedDays.size;',
    'const needed = 1;',
  ),
  plant(
    'takes the numbers of a new stream for those of the old',
    'reading.ts',
    'if (one.stream !== other.stream) return one.stream > other.stream;',
    '',
  ),
  plant(
    'reads the row of a tag once for its days',
    'totalsStore.ts',
    'if (open.turns === openAfter.turns)',
    '',
  ),
  plant(
    'walks the counts alone, not the rows of tags that are gone',
    'reconcile.ts',
    "= ['counts', 'totals'];",
    "= ['counts'];",
  ),
  plant(
    'takes away the item of a gone tag though it was visited',
    'reconcileStore.ts',
    "ConditionExpression: '#count = :zero AND Ghost = :mark',",
    '',
    340,
  ),
  plant(
    'makes the item of a gone tag though it was reborn',
    'reconcileStore.ts',
    "ConditionExpression: 'attribute_not_exists(ID)',",
    '',
    104,
  ),
  plant(
    'asks a tag that was deleted meanwhile',
    'reconcileStore.ts',
    "ConditionExpression: 'attribute_exists(ID)',",
    '',
    111,
  ),
  plant(
    'asks by an attribute that changes once',
    'reconcileStore.ts',
    "'ADD SaidAgain :one'",
    "'SET SaidAgain = :one'",
  ),
  plant(
    'moves the old total by readings during adoption',
    'counter.ts',
    'const imageDifference = { N: `${move.imageDifference}` };',
    'const imageDifference = { N: `${move.difference}` };',
  ),
  plant(
    'goes on rebuilding after the adoption',
    'counter.ts',
    `UpdateExpression: 'ADD TotalViews :imageDifference, Rebuilt :difference, ',
        ConditionExpression: 'attribute_exists(TotalViews) AND attribute_not_exists(Exact)',`,
    "UpdateExpression: 'ADD TotalViews :imageDifference, Rebuilt :difference, ',",
    112,
  ),
  plant(
    'takes the old total of a workshop for its own',
    'counter.ts',
    "return item?.TotalViews === undefined ? 'fresh' : 'rebuilding';",
    "return 'fresh';",
  ),
  plant(
    'adopts at the end of any run',
    'reconcile.ts',
    adopt,
    "if ((await store.readCounterState()) === 'rebuilding') await store.adopt();",
  ),
  plant(
    'adopts though rows are unsettled',
    'reconcile.ts',
    adopt,
    "if (finished && (await store.readCounterState()) === 'rebuilding') await store.adopt();",
  ),
  plant(
    'adopts though the walk is unfinished',
    'reconcile.ts',
    adopt,
    "if (unsettled === 0 && (await store.readCounterState()) === 'rebuilding') await store.adopt();",
  ),
  plant(
    'forgets what an earlier run left unsettled',
    'reconcile.ts',
    'const unsettledBefore = progress.unsettled;',
    'const unsettledBefore = 0;',
    106,
  ),
  plant(
    'reads rows as they may have been a second ago',
    'totalsStore.ts',
    'Keys: tags.map((tag) => ({ ID: { S: tag } })), ConsistentRead: true }',
    'Keys: tags.map((tag) => ({ ID: { S: tag } })) }',
  ),
  plant(
    'looks a second time as it did the first time',
    'reconcile.ts',
    'of await store.look([...first.keys()], true)) {',
    'of await store.look([...first.keys()], false)) {',
  ),
  plant(
    'passes over a count because of what was there before',
    'reading.ts',
    'if (error instanceof ForeignRecordError) return undefined;',
    '',
  ),
  plant(
    'moves the days of all tags by what was counted before the first record, too',
    'fold.ts',
    'const visits = reading.count - (row ? row.reading : reading.before);',
    'const visits = reading.count - (row?.reading ?? 0);',
  ),
  plant(
    'leaves the days of all tags when the total stays',
    'counter.ts',
    'const isStill = move.difference === 0 && days.length === 0;',
    'const isStill = move.difference === 0;',
  ),
  plant(
    'books the days of all tags though they moved meanwhile',
    'reconcileStore.ts',
    "ConditionExpression: ended.map((_, index) => `#day${index} = :day${index}`).join(' AND '),",
    "ConditionExpression: 'attribute_exists(ID)',",
    104,
  ),
  plant(
    'books the days of all tags and forgets to say so',
    'reconcileStore.ts',
    "`ADD Turns :one REMOVE ${ended.map((_, index) => `#day${index}`).join(', ')}`",
    "`REMOVE ${ended.map((_, index) => `#day${index}`).join(', ')}`",
    144,
  ),
  plant(
    'tells of no difference that is left',
    'reconcile.ts',
    'differenceAfter: sum(',
    'differenceAfter: 0 * sum(',
  ),
];
