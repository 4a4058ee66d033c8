/** AWS's domains by the prefix of a region. The SDK's list takes 17 kB; a test compares them. */
const domains: Record<string, string> = {
  'cn-': 'amazonaws.com.cn',
  'us-iso-': 'c2s.ic.gov',
  'us-isob-': 'sc2s.sgov.gov',
  'us-isof-': 'csp.hci.ic.gov',
  'eu-isoe-': 'cloud.adc-e.uk',
  'eusc-': 'amazonaws.eu',
};

/** The environment configures an endpoint that `SignedCaller` does not support. */
export class UnsupportedEndpointError extends Error {}

/**
 * Resolves DynamoDB's endpoint as the SDK does: AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL, or AWS's own in AWS_REGION.
 * It does not read configuration files or use account-based endpoints.
 * @throws UnsupportedEndpointError for FIPS and dual-stack endpoints, and for an endpoint with a path
 */
export function resolveEndpoint(variables: NodeJS.ProcessEnv): URL {
  const { AWS_REGION: region = '' } = variables;
  for (const name of ['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT']) {
    if (variables[name] === 'true')
      throw new UnsupportedEndpointError(
        `${name} is not supported. Remove it from the function's environment.`,
      );
  }
  const isIgnored = variables.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true';
  const addresses = isIgnored ? [] : [variables.AWS_ENDPOINT_URL_DYNAMODB, variables.AWS_ENDPOINT_URL];
  // template.yaml sets an empty address for AWS's own endpoint.
  const configured = addresses.find((address) => address !== undefined && address !== '');
  if (configured !== undefined) return parseAddress(configured);
  const [, domain = 'amazonaws.com'] =
    Object.entries(domains).find(([start]) => region.startsWith(start)) ?? [];
  return new URL(`https://dynamodb.${region}.${domain}`);
}

function parseAddress(text: string): URL {
  const address = new URL(text);
  if (address.pathname !== '/')
    throw new UnsupportedEndpointError(`Remove the path from the endpoint ${text}.`);
  return address;
}
