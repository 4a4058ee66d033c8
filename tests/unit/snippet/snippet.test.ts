import { createHash } from 'node:crypto';
import { minifySnippet } from '../../../local/minifySnippet';
import { snippet, snippetIntegrity, snippetVersion } from '../../../src/snippet/snippet';

describe('The page script', () => {
  it('is the output of npm run snippet for its source', async () => {
    expect(snippet).toBe(await minifySnippet());
  });

  it('is under 1 KB', () => {
    expect(Buffer.byteLength(snippet)).toBeLessThan(1_024);
  });

  it('derives its version and its integrity hash from its bytes', () => {
    expect(snippetVersion).toBe(createHash('sha256').update(snippet).digest('hex').slice(0, 12));
    expect(snippetIntegrity()).toBe(`sha384-${createHash('sha384').update(snippet).digest('base64')}`);
  });
});
