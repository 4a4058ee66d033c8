import { existsSync, rmSync } from 'node:fs';
import { Database } from 'node-sqlite3-wasm';
import { startEngine } from './engine';

/** The columns that the statements below use. */
const expectedColumns = ['id', 'table_name', 'shard_id', 'sequence_number', 'created_at'];

/** As in DynamoDB, a stream keeps its records for a day. */
const retentionSeconds = 24 * 60 * 60;

/**
 * dynoxide takes the highest sequence number of a table at every write, and the records after a position at every
 * read. Without this index each of these reads the table's whole stream.
 */
const createIndex = `
  CREATE INDEX IF NOT EXISTS footfall_stream_position
  ON _stream_records (table_name, CAST(sequence_number AS INTEGER))`;

/**
 * The day is counted back from each table's newest record, so that records which the last run left unread outlast a
 * long pause. The newest record stays in any case: the next sequence number follows from it.
 */
const deleteOldRecords = `
  WITH newest AS (
    SELECT table_name, MAX(created_at) AS created_at, MAX(id) AS id FROM _stream_records GROUP BY table_name
  )
  DELETE FROM _stream_records
  WHERE id NOT IN (SELECT id FROM newest)
  AND created_at < (
    SELECT newest.created_at - ${retentionSeconds} FROM newest WHERE newest.table_name = _stream_records.table_name
  )`;

/**
 * Prepares the engine's file for a long stream: adds the index that dynoxide lacks and deletes old records. No engine
 * may have the file open.
 * @returns what kept it from being done; the engine runs without it, only slower
 */
export async function indexStream(databasePath: string): Promise<string | undefined> {
  try {
    if (!existsSync(databasePath)) await createDatabase(databasePath);
    // The lock of a process that was killed meanwhile. The data folder belongs to this process, so it is nobody's.
    rmSync(`${databasePath}.lock`, { recursive: true, force: true });
    const database = new Database(databasePath, { fileMustExist: true });
    try {
      return updateSchema(database);
    } finally {
      database.close();
    }
  } catch (error) {
    return `The engine's stream could not be indexed, so writes slow down as it grows. ${String(error)}`;
  }
}

/** The engine makes its tables when it starts with a new file. */
async function createDatabase(databasePath: string): Promise<void> {
  const engine = await startEngine(databasePath);
  await engine.stop();
}

function updateSchema(database: Database): string | undefined {
  // The file is in WAL mode. WebAssembly has no shared memory, which SQLite does not need for a sole owner.
  database.exec('PRAGMA locking_mode = EXCLUSIVE');
  const columns = database
    .all(`SELECT name FROM pragma_table_info('_stream_records')`)
    .map(({ name }) => name);
  if (!expectedColumns.every((name) => columns.includes(name)))
    return 'The engine keeps its stream in tables of another form, so it is not indexed.';
  database.exec(createIndex);
  database.exec(deleteOldRecords);
  return undefined;
}
