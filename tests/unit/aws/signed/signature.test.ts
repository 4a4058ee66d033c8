import { HttpRequest } from '@smithy/core/protocols';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { sign } from '../../../../src/aws/signed/signature';

/** A header's value: no line breaks, and no leading, trailing or double spaces. */
const value = fc
  .string({ minLength: 1, unit: 'grapheme-ascii' })
  .filter((text) => text === text.trim() && !/ {2}/.test(text));
const secret = fc.string({ minLength: 1 });

const calls = fc.record({
  service: fc.constantFrom('dynamodb', 'cognito-idp'),
  region: fc.constantFrom('eu-central-1', 'us-gov-west-1', 'cn-north-1'),
  headers: fc.record({
    host: fc.domain(),
    'content-type': fc.constant('application/x-amz-json-1.0'),
    'content-length': fc.nat().map(String),
    'user-agent': value,
    'x-amz-target': value,
  }),
  body: fc.string({ unit: 'binary' }),
  time: fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
});

const credentials = fc.record(
  { accessKeyId: fc.stringMatching(/^[A-Z0-9]{1,20}$/), secretAccessKey: secret, sessionToken: value },
  { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
);

describe('A signature', () => {
  it('equals that of AWS’s own signer, for any call and any credentials', async () => {
    await fc.assert(
      fc.asyncProperty(calls, credentials, async (call, keys) => {
        const { service, region, headers, body, time } = call;
        const signer = new SignatureV4({
          service,
          region,
          credentials: keys,
          sha256: Sha256,
          applyChecksum: false,
        });
        const request = new HttpRequest({ method: 'POST', hostname: headers.host, path: '/', headers, body });
        const expected = await signer.sign(request, { signingDate: time });
        expect(sign(call, keys)).toEqual(expected.headers);
      }),
    );
  });

  it('changes with the day and the secret, although the signing key is cached', () => {
    const call = { service: 'dynamodb', region: 'eu-central-1', headers: { host: 'x' }, body: '{}' };
    const signatures = [
      sign({ ...call, time: new Date('2026-01-01') }, { accessKeyId: 'A', secretAccessKey: 'one' }),
      sign({ ...call, time: new Date('2026-01-02') }, { accessKeyId: 'A', secretAccessKey: 'one' }),
      sign({ ...call, time: new Date('2026-01-02') }, { accessKeyId: 'A', secretAccessKey: 'two' }),
    ].map(({ authorization }) => /Signature=(\w+)/.exec(authorization ?? '')?.[1]);
    expect(new Set(signatures).size).toBe(3);
  });
});
