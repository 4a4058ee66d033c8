import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Stands in for SQS: a file a queue, a line a message, for people to read. */
export class FileQueues {
  constructor(private readonly folder: string) {}

  /** Where the queue's messages stand. */
  path(queueId: string): string {
    return join(this.folder, `${queueId}.jsonl`);
  }

  send(queueId: string, message: unknown): void {
    mkdirSync(this.folder, { recursive: true });
    appendFileSync(this.path(queueId), `${JSON.stringify(message)}\n`);
  }
}
