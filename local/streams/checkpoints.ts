import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isObject } from '../json';

/** A lane's position in its shard. */
export type Position =
  | { kind: 'after'; sequenceNumber: string }
  /** A mapping that began at LATEST and has read nothing yet. Older records are not for it. */
  | { kind: 'since'; epochSeconds: number }
  | { kind: 'finished' };

export interface LaneKey {
  shardId: string;
  lane: number;
}

interface StreamProgress {
  streamArn: string;
  laneCount: number;
  /** By shard, then by lane. A lane without an entry has not acknowledged anything. */
  shards: Record<string, Record<string, Position>>;
}

interface FileContents {
  version: 1;
  /** By mapping id. */
  mappings: Record<string, StreamProgress>;
}

const fileName = 'stream-checkpoints.json';
const setAsideName = 'stream-checkpoints.corrupt.json';

/**
 * The positions of all mappings, in one JSON file. It is replaced by a rename, so a process that is killed leaves the
 * old file or the new one. It is not flushed to the disk: after a power cut some records may be delivered again.
 */
export class Checkpoints {
  #isDirty = false;
  #writing: Promise<void> | undefined;
  #hasFailed = false;

  private constructor(
    private readonly folder: string,
    private readonly contents: FileContents,
    private readonly log: (message: string) => void,
  ) {}

  /** Reads the file in the folder, and creates the folder. A file that cannot be parsed is renamed. */
  static async open(folder: string, log: (message: string) => void): Promise<Checkpoints> {
    await mkdir(folder, { recursive: true });
    return new Checkpoints(folder, await readContents(folder, log), log);
  }

  /** The progress of one mapping. Progress on another stream, such as that of a deleted table, is dropped. */
  forMapping(mappingId: string, streamArn: string, laneCount: number): MappingCheckpoints {
    const { mappings } = this.contents;
    const kept = mappings[mappingId];
    const isSameStream = kept?.streamArn === streamArn;
    const progress: StreamProgress = {
      streamArn,
      laneCount,
      shards: isSameStream ? spreadOverLanes(kept, laneCount) : {},
    };
    return new MappingCheckpoints(progress, () => {
      mappings[mappingId] = progress;
      return this.#save();
    });
  }

  /** Resolves once the present state is in the file. Changes during one write share the next. */
  #save(): Promise<void> {
    this.#isDirty = true;
    this.#writing ??= this.#writeWhileDirty().finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  async #writeWhileDirty(): Promise<void> {
    const target = path.join(this.folder, fileName);
    while (this.#isDirty) {
      this.#isDirty = false;
      try {
        await writeFile(`${target}.tmp`, JSON.stringify(this.contents, undefined, 2));
        await rename(`${target}.tmp`, target);
        this.#hasFailed = false;
      } catch (error) {
        // A full disk must not stop the stream. Some records are then delivered again after a restart.
        if (!this.#hasFailed)
          this.log(
            `The stream's checkpoints could not be written, so some records will be delivered again. ${String(error)}`,
          );
        this.#hasFailed = true;
      }
    }
  }
}

export class MappingCheckpoints {
  constructor(
    private readonly progress: StreamProgress,
    private readonly save: () => Promise<void>,
  ) {}

  /** True until something was recorded for this mapping and stream. */
  get isEmpty(): boolean {
    return Object.keys(this.progress.shards).length === 0;
  }

  read({ shardId, lane }: LaneKey): Position | undefined {
    return this.progress.shards[shardId]?.[lane];
  }

  /** Resolves once the position is in the file. */
  async record({ shardId, lane }: LaneKey, position: Position): Promise<void> {
    (this.progress.shards[shardId] ??= {})[lane] = position;
    await this.save();
  }

  /** Marks the shards that stand at the beginning of a mapping which starts at LATEST. */
  async recordStart(shardIds: readonly string[], epochSeconds: number): Promise<void> {
    for (const shardId of shardIds)
      for (let lane = 0; lane < this.progress.laneCount; lane++)
        (this.progress.shards[shardId] ??= {})[lane] = { kind: 'since', epochSeconds };
    await this.save();
  }

  isFinished(shardId: string): boolean {
    for (let lane = 0; lane < this.progress.laneCount; lane++)
      if (this.read({ shardId, lane })?.kind !== 'finished') return false;
    return true;
  }

  get shardIds(): string[] {
    return Object.keys(this.progress.shards);
  }

  async forget(shardIds: readonly string[]): Promise<void> {
    if (shardIds.length === 0) return;
    const kept = Object.entries(this.progress.shards).filter(([shardId]) => !shardIds.includes(shardId));
    this.progress.shards = Object.fromEntries(kept);
    await this.save();
  }
}

/** Sequence numbers have up to 40 digits, too many for a number: compare by length, then as text. */
export function compareSequenceNumbers(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * Another ParallelizationFactor assigns the items to other lanes, so each lane continues at the position of the slowest
 * one. Some records are delivered twice, and none is skipped.
 */
function spreadOverLanes({ shards, laneCount }: StreamProgress, newCount: number): StreamProgress['shards'] {
  if (laneCount === newCount) return shards;
  const spread: StreamProgress['shards'] = {};
  for (const [shardId, lanes] of Object.entries(shards)) {
    const positions = Object.values(lanes);
    if (positions.length < laneCount) continue;
    const slowest = positions.reduce((least, position) => (isBefore(position, least) ? position : least));
    spread[shardId] = Object.fromEntries(
      Array.from({ length: newCount }, (_, lane) => [String(lane), slowest]),
    );
  }
  return spread;
}

function isBefore(left: Position, right: Position): boolean {
  const order = { since: 0, after: 1, finished: 2 };
  if (left.kind === 'after' && right.kind === 'after')
    return compareSequenceNumbers(left.sequenceNumber, right.sequenceNumber) < 0;
  return order[left.kind] < order[right.kind];
}

async function readContents(folder: string, log: (message: string) => void): Promise<FileContents> {
  const empty: FileContents = { version: 1, mappings: {} };
  const target = path.join(folder, fileName);
  let text: string;
  try {
    text = await readFile(target, 'utf8');
  } catch (error) {
    if (isObject(error) && error.code === 'ENOENT') return empty;
    throw error;
  }
  const contents = parseContents(text);
  if (contents !== undefined) return contents;

  const setAside = path.join(folder, setAsideName);
  await rename(target, setAside);
  log(
    `The stream's checkpoints in ${target} cannot be read as JSON. They are now in ${setAside}, and every stream is ` +
      'read from its starting position again.',
  );
  return empty;
}

function parseContents(text: string): FileContents | undefined {
  let contents: unknown;
  try {
    contents = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isFileContents(contents) ? contents : undefined;
}

function isFileContents(value: unknown): value is FileContents {
  return (
    isObject(value) &&
    value.version === 1 &&
    isObject(value.mappings) &&
    Object.values(value.mappings).every(isStreamProgress)
  );
}

function isStreamProgress(value: unknown): value is StreamProgress {
  return (
    isObject(value) &&
    typeof value.streamArn === 'string' &&
    typeof value.laneCount === 'number' &&
    isObject(value.shards) &&
    Object.values(value.shards).every((lanes) => isObject(lanes) && Object.values(lanes).every(isPosition))
  );
}

function isPosition(value: unknown): value is Position {
  if (!isObject(value)) return false;
  if (value.kind === 'after') return typeof value.sequenceNumber === 'string';
  if (value.kind === 'since') return typeof value.epochSeconds === 'number';
  return value.kind === 'finished';
}
