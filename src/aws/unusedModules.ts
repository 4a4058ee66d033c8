/**
 * Stands in for parts of the SDK that come with a client and that no function here uses (`Alias` in template.yaml): they
 * would be read and compiled at every cold start.
 *
 * - `@aws-sdk/credential-provider-node`: credentials from files, single sign-on and instance metadata, a third of a bundle.
 * - `@smithy/core/event-streams`: answers that are streams. DynamoDB and Cognito have none, and because the SDK loads this
 *   one only when it is needed, esbuild could not leave out unused parts of any module that it shares with the rest.
 */

export function defaultProvider(): () => Promise<never> {
  return () => Promise.reject(new Error('Clients are made with the credentials of the environment.'));
}
