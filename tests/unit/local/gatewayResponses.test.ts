import { leftOut, parseUnauthorizedHeaders } from '../../../local/template/apis';

const responses = (value: unknown) => ({ GatewayResponses: value });

describe("A REST API's own 401", () => {
  it('has the static headers of the template', () => {
    const properties = responses({
      UNAUTHORIZED: { ResponseParameters: { Headers: { 'X-Why': "'it''s'", Vary: "'Origin'" } } },
    });
    expect(parseUnauthorizedHeaders(properties)).toEqual([
      ['X-Why', "it''s"],
      ['Vary', 'Origin'],
    ]);
    expect(leftOut('rest', properties)).toEqual([]);
  });

  it('has no headers when the template sets none', () => {
    expect(parseUnauthorizedHeaders({})).toEqual([]);
    expect(parseUnauthorizedHeaders(responses({ UNAUTHORIZED: {} }))).toEqual([]);
  });

  it('has its unsupported properties listed', () => {
    const properties = responses({
      DEFAULT_5XX: { ResponseParameters: { Headers: { Vary: "'Origin'" } } },
      UNAUTHORIZED: {
        StatusCode: 403,
        ResponseParameters: { Headers: { 'X-From': 'method.request.header.Origin' } },
      },
    });
    expect(parseUnauthorizedHeaders(properties)).toEqual([]);
    expect(leftOut('rest', properties)).toEqual([
      'the gateway response DEFAULT_5XX',
      'the gateway response UNAUTHORIZED.StatusCode',
      "the gateway response UNAUTHORIZED's header X-From",
    ]);
  });
});
