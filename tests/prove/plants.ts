import type { Edit } from './subject';

/** A planted version: the code of src/ledger with one mistake that a person might make. */
export interface Plant {
  name: string;
  edits: Edit[];
  /** A seed that catches it within sixty histories, if other seeds take longer. */
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

/** Each edit replaces text of the real source. `loadSubject` throws if that text is not there. */
export const plants: Plant[] = [
  plant(
    'counts records, as the workshop does',
    'fold.ts',
    'row = { reading: reading.count,',
    'row = { reading: (row?.reading ?? 0) + 1,',
  ),
  { name: 'adds deltas without a watermark', edits: [ignoreOlder, addDeltas] },
  plant(
    'compares the watermark as text',
    'reading.ts',
    'if (one.sequence.length !== other.sequence.length) return one.sequence.length > other.sequence.length;',
    '',
  ),
  {
    name: 'uses a token by batch hash instead of the watermark',
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
    'writes watermark and total in separate transactions',
    'totalsStore.ts',
    transact,
    'for (const item of items) await this.client.send(new TransactWriteItemsCommand({ TransactItems: [item] }));',
  ),
  plant(
    "assigns days by the processor's clock",
    'applyBatch.ts',
    'const readings = parseReadings(records, report);',
    `const day = new Date(clock.now()).toISOString().slice(0, 10);
     const readings = parseReadings(records, report).map((reading) => ({ ...reading, day }));`,
  ),
  {
    name: 'lets reconcile apply scanned counts',
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
    'deletes the row of a deleted tag at once',
    'totalsStore.ts',
    "if (!from) return { Put: { ...common, ConditionExpression: 'attribute_not_exists(ID)' } };",
    `if (to.reading === 0) return { Delete: { TableName: this.tables.totals, Key: { ID: { S: tag } } } };
     if (!from) return { Put: { ...common, ConditionExpression: 'attribute_not_exists(ID)' } };`,
  ),
  plant(
    'orders a recreated tag by its count',
    'fold.ts',
    'if (row && !isLater(reading.position, row.position)) continue;',
    'if (row && reading.count !== 0 && reading.count <= row.reading) continue;',
  ),
  plant(
    'keeps the old watermark when the difference is 0',
    'fold.ts',
    'if (!row || row === from) return undefined;',
    'if (!row || row === from || row.reading === from?.reading) return undefined;',
    197,
  ),
  plant(
    'treats a cancelled transaction as already applied',
    'applyBatch.ts',
    'failures += 1;',
    `if (error instanceof Error && error.name === 'TransactionCanceledException') break;
     failures += 1;`,
  ),
  { name: 'writes rows without a condition', edits: [newRowUnguarded, oldRowUnguarded] },
  plant(
    'reports the smallest sequence number as text',
    'applyBatch.ts',
    'const unapplied = readings.find(({ tag }) => pending.has(tag));',
    `const unapplied = readings.filter(({ tag }) => pending.has(tag))
       .sort((one, other) => (one.position.sequence < other.position.sequence ? -1 : 1))[0];`,
    144,
  ),
  plant(
    'reports success after a failure',
    'applyBatch.ts',
    'return { batchItemFailures: [{ itemIdentifier: unapplied.position.sequence }] };',
    'break;',
  ),
  plant("folds the total's own records", 'applyBatch.ts', 'if (isCounterRecord(record)) continue;', ''),
  plant(
    'throws at a malformed record',
    'applyBatch.ts',
    'if (!(error instanceof ForeignRecordError)) throw error;',
    'throw error;',
  ),
  plant(
    'credits a day with the count from before the first record',
    'fold.ts',
    'let opening = row ? row.opening : reading.before;',
    'let opening = row ? row.opening : 0;',
  ),
  plant(
    'overwrites an ended day instead of adding to it',
    'totalsStore.ts',
    "'ADD Visits :visits'",
    "'SET Visits = :visits'",
    104,
  ),
  plant("keeps the old day's opening reading", 'fold.ts', 'opening = row.reading;', ''),
  plant(
    'adds the visits of the ended day to the new day',
    'fold.ts',
    'closedDays.set(row.day, (closedDays.get(row.day) ?? 0) + row.reading - row.opening);',
    'closedDays.set(reading.day, (closedDays.get(reading.day) ?? 0) + row.reading - row.opening);',
  ),
  plant(
    'forgets the earlier ended days of a batch',
    'fold.ts',
    '(closedDays.get(row.day) ?? 0) + row.reading - row.opening',
    'row.reading - row.opening',
  ),
  plant(
    'limits a transaction by tags instead of items',
    'fold.ts',
    'const needed = 1 + move.closedDays.size;',
    'const needed = 1;',
  ),
  plant(
    'ignores that a new stream restarts sequence numbers',
    'reading.ts',
    'if (one.stream !== other.stream) return one.stream > other.stream;',
    '',
  ),
  plant(
    "reads a tag's row only once while reading its days",
    'totalsStore.ts',
    'if (open.turns === openAfter.turns)',
    '',
  ),
  plant(
    'scans the counts but not the rows of deleted tags',
    'reconcile.ts',
    "= ['counts', 'totals'];",
    "= ['counts'];",
  ),
  plant(
    'deletes the placeholder of a deleted tag despite a visit',
    'reconcileStore.ts',
    "ConditionExpression: '#count = :zero AND Ghost = :mark',",
    '',
    340,
  ),
  plant(
    'makes a placeholder over a recreated tag',
    'reconcileStore.ts',
    "ConditionExpression: 'attribute_not_exists(ID)',",
    '',
    104,
  ),
  plant(
    'asks for a new record of a tag that was just deleted',
    'reconcileStore.ts',
    "ConditionExpression: 'attribute_exists(ID)',",
    '',
    111,
  ),
  plant(
    'asks with an attribute that changes only once',
    'reconcileStore.ts',
    "'ADD SaidAgain :one'",
    "'SET SaidAgain = :one'",
  ),
  plant(
    'moves the old total by readings during the adoption',
    'counter.ts',
    'const imageDifference = { N: `${move.imageDifference}` };',
    'const imageDifference = { N: `${move.difference}` };',
  ),
  plant(
    'continues to rebuild after the adoption',
    'counter.ts',
    `UpdateExpression: 'ADD TotalViews :imageDifference, Rebuilt :difference, ',
        ConditionExpression: 'attribute_exists(TotalViews) AND attribute_not_exists(Exact)',`,
    "UpdateExpression: 'ADD TotalViews :imageDifference, Rebuilt :difference, ',",
    112,
  ),
  plant(
    "treats the workshop's total as exact",
    'counter.ts',
    "return item?.TotalViews === undefined ? 'fresh' : 'rebuilding';",
    "return 'fresh';",
  ),
  plant(
    'adopts at the end of every run',
    'reconcile.ts',
    adopt,
    "if ((await store.readCounterState()) === 'rebuilding') await store.adopt();",
  ),
  plant(
    'adopts while rows are unsettled',
    'reconcile.ts',
    adopt,
    "if (finished && (await store.readCounterState()) === 'rebuilding') await store.adopt();",
  ),
  plant(
    'adopts before the scan is finished',
    'reconcile.ts',
    adopt,
    "if (unsettled === 0 && (await store.readCounterState()) === 'rebuilding') await store.adopt();",
  ),
  plant(
    'forgets the unsettled rows of an earlier run',
    'reconcile.ts',
    'const unsettledBefore = progress.unsettled;',
    'const unsettledBefore = 0;',
    106,
  ),
  plant(
    'reads rows without ConsistentRead',
    'totalsStore.ts',
    'Keys: tags.map((tag) => tagKey(tag)), ConsistentRead: true }',
    'Keys: tags.map((tag) => ({ ID: { S: tag } })) }',
  ),
  plant(
    'makes the second read as inconsistent as the first',
    'reconcile.ts',
    'of await store.look([...first.keys()], true)) {',
    'of await store.look([...first.keys()], false)) {',
  ),
  plant(
    'skips a record whose old image has a malformed count',
    'reading.ts',
    'if (error instanceof ForeignRecordError) return undefined;',
    '',
  ),
  plant(
    'credits the days of all tags with earlier counts',
    'fold.ts',
    'const visits = reading.count - (row ? row.reading : reading.before);',
    'const visits = reading.count - (row?.reading ?? 0);',
  ),
  plant(
    'skips the days of all tags when the total stays the same',
    'counter.ts',
    'const isStill = move.difference === 0 && days.length === 0;',
    'const isStill = move.difference === 0;',
  ),
  plant(
    'moves ended days of all tags although they changed',
    'reconcileStore.ts',
    "ConditionExpression: ended.map((_, index) => `#day${index} = :day${index}`).join(' AND '),",
    "ConditionExpression: 'attribute_exists(ID)',",
    104,
  ),
  plant(
    'moves ended days of all tags without a new turn number',
    'reconcileStore.ts',
    "`ADD Turns :one REMOVE ${ended.map((_, index) => `#day${index}`).join(', ')}`",
    "`REMOVE ${ended.map((_, index) => `#day${index}`).join(', ')}`",
    144,
  ),
  plant(
    'reports no remaining difference',
    'reconcile.ts',
    'differenceAfter: sum(',
    'differenceAfter: 0 * sum(',
  ),
];
