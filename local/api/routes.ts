import type { RouteDefinition } from '../template/apis';

/** A route that a request's path fits, with what its parameters stand for. */
export interface RouteMatch {
  route: RouteDefinition;
  parameters: Record<string, string>;
}

/** How closely a part of a route fits: as it is, by a parameter, by a greedy one, by anything. */
type Closeness = 0 | 1 | 2;

/**
 * Finds the route of a path among those of one kind of API.
 * A part that is written out goes before a parameter, a parameter before a greedy one.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function matchRoute(routes: RouteDefinition[], method: string, path: string): RouteMatch | undefined {
  const matches = routes
    .filter((route) => route.method === method || route.method === 'ANY')
    .flatMap((route) => {
      const fit = fitPath(route.path, path);
      return fit ? [{ route, ...fit }] : [];
    });
  matches.sort((a, b) => compare(a.closeness, b.closeness) || rank(a.route) - rank(b.route));
  return matches[0];
}

/** Whether any method has a route for the path. */
export function hasPath(routes: RouteDefinition[], path: string): boolean {
  return routes.some((route) => fitPath(route.path, path));
}

function rank(route: RouteDefinition): number {
  return route.method === 'ANY' ? 1 : 0;
}

function fitPath(
  pattern: string,
  path: string,
): { parameters: Record<string, string>; closeness: Closeness[] } | undefined {
  if (pattern === '$default') return { parameters: {}, closeness: [] };
  const wanted = pattern.split('/').slice(1);
  const given = path.split('/').slice(1);
  // A resource's path may end in a slash or not.
  if (given.at(-1) === '' && given.length === wanted.length + 1 && !pattern.endsWith('+}')) given.pop();
  const parameters: Record<string, string> = {};
  const closeness: Closeness[] = [];
  for (const [index, part] of wanted.entries()) {
    const [, name, greedy] = /^\{([\w.-]+)(\+?)\}$/.exec(part) ?? [];
    const value = greedy ? given.slice(index).join('/') : given[index];
    if (name === undefined ? value !== part : !value) return undefined;
    if (name !== undefined && value !== undefined) parameters[name] = value;
    closeness.push(name === undefined ? 0 : greedy ? 2 : 1);
    if (greedy) return { parameters, closeness };
  }
  return given.length === wanted.length ? { parameters, closeness } : undefined;
}

function compare(a: Closeness[], b: Closeness[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    // What has ended, such as $default, fits least closely.
    const difference = (a[index] ?? 3) - (b[index] ?? 3);
    if (difference) return difference;
  }
  return 0;
}
