/** Does nothing, so that the times of Node.js itself remain. */
export function handler() {
  return Promise.resolve({ statusCode: 200, body: '' });
}
