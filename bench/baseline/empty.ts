/** Nothing: what remains is what Node.js itself takes. */
export function handler() {
  return Promise.resolve({ statusCode: 200, body: '' });
}
