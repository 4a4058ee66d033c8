import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Replaces SQS by one file for each queue, with one message a line. */
export class FileQueues {
  constructor(private readonly folder: string) {}

  /** The file with the queue's messages. */
  path(queueId: string): string {
    return join(this.folder, `${queueId}.jsonl`);
  }

  send(queueId: string, message: unknown): void {
    mkdirSync(this.folder, { recursive: true });
    appendFileSync(this.path(queueId), `${JSON.stringify(message)}\n`);
  }
}
