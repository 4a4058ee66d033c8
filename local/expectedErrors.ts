import { PortInUseError } from './api/server';
import { CognitoStartError } from './cognito/process';
import { EngineMissingError } from './engine/binary';
import { AlreadyRunningError } from './engine/dataFolder';
import { EngineStartError } from './engine/engine';
import { BuildError } from './functions/bundle';
import { MappingError } from './streams/mapping';
import { TemplateError } from './template/templateError';

const expectedErrors = [
  TemplateError,
  MappingError,
  BuildError,
  EngineMissingError,
  EngineStartError,
  CognitoStartError,
  PortInUseError,
  AlreadyRunningError,
];

/** Whether an error is a mistake that a person can correct, so that its message is enough. */
export function isExpected(error: unknown): error is Error {
  return (
    expectedErrors.some((expected) => error instanceof expected) ||
    // The messages of the file system, the network and DynamoDB say in a sentence what failed and where.
    (error instanceof Error && ('syscall' in error || '$metadata' in error))
  );
}
