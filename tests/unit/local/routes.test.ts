import { matchRoute } from '../../../local/api/routes';
import type { RouteDefinition } from '../../../local/template/apis';

const route = (method: string, path: string): RouteDefinition => ({
  api: 'rest',
  apiId: 'ServerlessRestApi',
  stage: 'Prod',
  method,
  path,
  functionId: `${method} ${path}`,
  isClosed: false,
});

const routes = [
  route('GET', '/'),
  route('GET', '/tags'),
  route('GET', '/tags/{tag+}'),
  route('GET', '/tags/special'),
  route('GET', '/tags/{tag}/days'),
  route('POST', '/tags/special'),
  route('ANY', '/any/{part}'),
  route('GET', '/any/{part}'),
];

describe('A route', () => {
  it.each([
    ['GET', '/', '/', {}],
    ['GET', '/tags', '/tags', {}],
    ['GET', '/tags/', '/tags', {}],
    ['GET', '/tags/a', '/tags/{tag+}', { tag: 'a' }],
    ['GET', '/tags/a/b/c', '/tags/{tag+}', { tag: 'a/b/c' }],
    ['GET', '/tags/a/', '/tags/{tag+}', { tag: 'a/' }],
    ['GET', '/tags//a', '/tags/{tag+}', { tag: '/a' }],
    ['GET', '/tags/%2F', '/tags/{tag+}', { tag: '%2F' }],
    ['GET', '/tags/special', '/tags/special', {}],
    ['GET', '/tags/special/x', '/tags/{tag+}', { tag: 'special/x' }],
    ['GET', '/tags/a/days', '/tags/{tag}/days', { tag: 'a' }],
    ['GET', '/tags/__proto__', '/tags/{tag+}', { tag: '__proto__' }],
  ])('is found for %s %s: %s', (method, path, found, parameters) => {
    const match = matchRoute(routes, method, path);
    expect(match?.route.path).toBe(found);
    expect(match?.parameters).toEqual(parameters);
  });

  it.each([
    ['GET', '/Tags/a'],
    ['POST', '/tags/a'],
    ['GET', '/any'],
    ['GET', '/any/a/b'],
    ['GET', ''],
  ])('is not found for %s %s', (method, path) => {
    expect(matchRoute(routes, method, path)).toBeUndefined();
  });

  it('with the exact method takes precedence over ANY', () => {
    expect(matchRoute(routes, 'GET', '/any/a')?.route.method).toBe('GET');
    expect(matchRoute(routes, 'PUT', '/any/a')?.route.method).toBe('ANY');
  });

  it('named $default matches what no other route matches', () => {
    const withDefault = [route('ANY', '$default'), ...routes];
    expect(matchRoute(withDefault, 'GET', '/tags/a')?.route.path).toBe('/tags/{tag+}');
    expect(matchRoute(withDefault, 'GET', '/nowhere')?.route.path).toBe('$default');
  });
});
