import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FootfallError, type ErrorKind } from '../../../src/errors/footfallError';
import { TableUnavailableError } from '../../../src/errors/unavailableErrors';
import { TooManyAttemptsError } from '../../../src/signIn/signInErrors';
import { InvalidTagError } from '../../../src/tags/tag';
import { describeError } from '../../../src/web/errors';

describe('The response to an error', () => {
  it('shows the error’s own message below 500', () => {
    expect(describeError(new InvalidTagError('The tag is empty.'))).toEqual({
      status: 400,
      message: 'The tag is empty.',
    });
  });

  it('includes a retry delay where a retry helps', () => {
    expect(describeError(new TooManyAttemptsError(90))).toEqual({
      ...{ status: 429, retryAfterSeconds: 90 },
      message: 'Too many attempts. Try again in 2 minutes.',
    });
    expect(describeError(new TableUnavailableError(new Error('secret')))).toEqual({
      ...{ status: 503, retryAfterSeconds: 5 },
      message: 'Footfall cannot reach its table. Try again in a few seconds.',
    });
  });

  it.each([new Error('secret'), new TypeError('secret'), 'secret', undefined])(
    'hides the message of any other error: %p',
    (error) => {
      expect(describeError(error)).toEqual({ status: 500, message: 'Something went wrong on our side.' });
    },
  );

  it.each<[ErrorKind, number]>([
    ['invalid', 400],
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['notFound', 404],
    ['conflict', 409],
    ['tooLarge', 413],
    ['unsupportedMediaType', 415],
    ['tooMany', 429],
    ['unavailable', 503],
  ])('of kind %s has status %d', (kind, status) => {
    class SomeError extends FootfallError {
      readonly kind = kind;
    }
    expect(describeError(new SomeError('Why.')).status).toBe(status);
  });
});

it('no handler sets an error status itself', () => {
  const folder = join(__dirname, '../../../src/handlers');
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  for (const text of texts) expect(text).not.toMatch(/status: [45]\d\d/);
});
