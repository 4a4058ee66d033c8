/** AWS's domains by the beginning of a region's name; the SDK's own list would bring 17 kB along. A test compares them. */
const domains: Record<string, string> = {
  'cn-': 'amazonaws.com.cn',
  'us-iso-': 'c2s.ic.gov',
  'us-isob-': 'sc2s.sgov.gov',
  'us-isof-': 'csp.hci.ic.gov',
  'eu-isoe-': 'cloud.adc-e.uk',
  'eusc-': 'amazonaws.eu',
};

/** The environment asks for a kind of address that this path cannot tell. */
export class UnsupportedEndpointError extends Error {}

/**
 * Where DynamoDB answers, as the SDK would find it: AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL, or AWS's own address in
 * AWS_REGION. Shared configuration files and account-based addresses are not looked at.
 * @throws UnsupportedEndpointError for FIPS and dual-stack addresses, and for one with a path
 */
export function resolveEndpoint(variables: NodeJS.ProcessEnv): URL {
  const { AWS_REGION: region = '' } = variables;
  for (const name of ['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT']) {
    if (variables[name] === 'true')
      throw new UnsupportedEndpointError(`${name} is not supported for visits.`);
  }
  const isIgnored = variables.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true';
  const addresses = isIgnored ? [] : [variables.AWS_ENDPOINT_URL_DYNAMODB, variables.AWS_ENDPOINT_URL];
  // The template gives an empty one where it means AWS's own.
  const configured = addresses.find((address) => address !== undefined && address !== '');
  if (configured !== undefined) return parseAddress(configured);
  const [, domain = 'amazonaws.com'] =
    Object.entries(domains).find(([start]) => region.startsWith(start)) ?? [];
  return new URL(`https://dynamodb.${region}.${domain}`);
}

function parseAddress(text: string): URL {
  const address = new URL(text);
  if (address.pathname !== '/')
    throw new UnsupportedEndpointError(`${text} has a path, where calls go to /.`);
  return address;
}
