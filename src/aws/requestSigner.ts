import type { HttpRequest, RequestSigner as SdkRequestSigner, RequestSigningArguments } from '@smithy/types';
import { readCredentials } from './credentials';
import { UnsupportedEndpointError } from './signed/endpoint';
import { requireVariable } from './environment';
import { sign } from './signed/signature';

/** Signs what a client of the SDK sends; by itself a client makes a signer for each call, out of all its settings. */
export class RequestSigner implements SdkRequestSigner {
  /** @param service as it stands in signatures: `dynamodb` */
  constructor(private readonly service: string) {}

  /** @throws UnsupportedEndpointError for an address with a path, as visits do */
  sign(request: HttpRequest, { signingDate }: RequestSigningArguments = {}): Promise<HttpRequest> {
    if (request.path !== '/')
      throw new UnsupportedEndpointError(`Calls go to /, and not to ${request.path}.`);
    const headers = sign(
      {
        service: this.service,
        region: requireVariable('AWS_REGION'),
        headers: request.headers,
        body: request.body as string,
        time: new Date(signingDate ?? Date.now()),
      },
      readCredentials(),
    );
    // A copy: what is repeated is signed anew, and must not have the former signature among its headers.
    return Promise.resolve({ ...request, headers });
  }
}
