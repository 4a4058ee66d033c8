import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { resolveEndpoint, UnsupportedEndpointError } from '../../../../src/aws/signed/endpoint';

const aws = { AWS_REGION: 'eu-central-1' };

describe('The DynamoDB endpoint', () => {
  it.each([
    ...['eu-central-1', 'us-east-1', 'us-gov-west-1', 'cn-north-1', 'us-iso-east-1', 'us-isob-east-1'],
    ...['eu-isoe-west-1', 'us-isof-south-1', 'eusc-de-east-1', 'ap-somewhere-9'],
  ])('in %s is the one that the SDK uses', (region) => {
    const { config } = new DynamoDBClient({ region });
    const { url } = config.endpointProvider({ Region: region }, {});
    expect(resolveEndpoint({ AWS_REGION: region }).href).toBe(url.href);
  });

  it('is AWS_ENDPOINT_URL_DYNAMODB, ahead of AWS_ENDPOINT_URL', () => {
    const both = {
      ...aws,
      AWS_ENDPOINT_URL_DYNAMODB: 'http://one:8000',
      AWS_ENDPOINT_URL: 'http://all:9000',
    };
    expect(resolveEndpoint(both).host).toBe('one:8000');
    expect(resolveEndpoint({ ...both, AWS_ENDPOINT_URL_DYNAMODB: '' }).host).toBe('all:9000');
  });

  it('is AWS’s own when the configured one is empty or ignored', () => {
    const own = 'dynamodb.eu-central-1.amazonaws.com';
    expect(resolveEndpoint({ ...aws, AWS_ENDPOINT_URL_DYNAMODB: '' }).host).toBe(own);
    const ignored = { AWS_ENDPOINT_URL: 'http://all:9000', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
    expect(resolveEndpoint({ ...aws, ...ignored }).host).toBe(own);
  });

  it('is rejected if it has a path, which calls would drop', () => {
    const withPath = { ...aws, AWS_ENDPOINT_URL: 'http://proxy:8000/dynamodb' };
    expect(() => resolveEndpoint(withPath)).toThrow(UnsupportedEndpointError);
    expect(resolveEndpoint({ ...aws, AWS_ENDPOINT_URL: 'http://proxy:8000/' }).host).toBe('proxy:8000');
  });

  it.each(['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT'])(
    'is rejected under %s rather than resolved incorrectly',
    (name) => {
      expect(() => resolveEndpoint({ ...aws, [name]: 'true' })).toThrow(UnsupportedEndpointError);
    },
  );
});
