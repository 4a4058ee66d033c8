/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles (`Alias` in template.yaml): the chain that looks for
 * credentials in files, single sign-on and instance metadata, a third of a bundle, none of it in a Lambda function.
 */
export function defaultProvider(): () => Promise<never> {
  return () => Promise.reject(new Error('Clients are made with the credentials of the environment.'));
}
