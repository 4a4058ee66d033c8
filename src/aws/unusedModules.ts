/**
 * Replaces modules of the SDK that no function uses (`Alias` in template.yaml). Every cold start would read and compile
 * them. docs/decisions/speed.md has the figures.
 *
 * - `@aws-sdk/credential-provider-node`: credentials from files, single sign-on and instance metadata, a third of a bundle.
 * - `@smithy/core/event-streams`: streaming answers, which DynamoDB and Cognito do not have. The SDK loads the module with
 *   `import()`, so esbuild cannot remove unused parts of the modules that it shares with the rest.
 */

export function defaultProvider(): () => Promise<never> {
  return () => Promise.reject(new Error('Footfall takes credentials from the environment only.'));
}
