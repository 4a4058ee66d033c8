import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { endAll, endLater } from '../support/cleanup';
import { copyProject, templateIn } from '../support/project';
import { makeFolder, runToEnd } from '../support/runner';

afterAll(endAll);

describe('npm start ends with the exit code 1 and a clear message', () => {
  it('when its port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    endLater(() => {
      other.close();
    });
    const PORT = String((other.address() as AddressInfo).port);
    const { code, output } = await runToEnd(makeFolder(), { env: { PORT } });
    expect(code).toBe(1);
    expect(output).toContain(`Port ${PORT} is in use. Set PORT to another one`);
    expect(output).not.toMatch(/^ +at /m);
  });

  it.each([
    ['when the template is not YAML', 'Resources: [', /template\.yaml is not valid YAML: .* at line 1/],
    ['when the template has no resources', 'Outputs: {}', /has no Resources/],
    [
      'when the template refers to something that it does not define',
      'Resources: {A: {Type: AWS::Serverless::Function, Properties: {Runtime: nodejs24.x, Environment: {Variables: {X: !Ref Nobody}}}}}',
      /refers to Nobody, which it does not define/,
    ],
    [
      'when the template uses an unknown intrinsic function',
      'Resources: {A: {Type: "X::Y", Properties: {B: !GetAttr C.D}}}',
      /!GetAttr/,
    ],
    ['when a resource is empty', 'Resources: {A: }', /cannot be understood/],
    [
      'when a setting requires a number and has none',
      'Resources: {A: {Type: AWS::Serverless::Function, Properties: {Runtime: nodejs24.x, Timeout: ten}}}',
      /Timeout takes a whole number from 1 to 900, not "ten"/,
    ],
  ])('%s', async (_, template, sentence) => {
    const folder = copyProject({ 'template.yaml': () => template });
    const { code, output } = await runToEnd(makeFolder(), { args: templateIn(folder) });
    expect(code).toBe(1);
    expect(output).toMatch(sentence);
    expect(output).not.toMatch(/^ +at /m);
  });

  it('when a handler does not compile', async () => {
    const folder = copyProject(
      { 'src/handlers/main.ts': (source) => `${source}\nconst = 1;` },
      { application: 'visits', fromSource: ['MainFunction'] },
    );
    const { code, output } = await runToEnd(makeFolder(), { args: templateIn(folder) });
    expect(code).toBe(1);
    expect(output).toMatch(/MainFunction does not compile:\n.*main\.ts:\d+: /);
  });

  it.each([
    [{ PORT: '1e3' }, 'PORT is 1e3. Set it to a number from 0 to 65535'],
    [{ PORT: '70000' }, 'PORT is 70000. Set it to a number from 0 to 65535'],
    [{ AWS_ENDPOINT_URL_DYNAMODB: 'nonsense' }, 'Set it to an address such as http://127.0.0.1:8000'],
    [{ AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1' }, 'ECONNREFUSED'],
    [{ FOOTFALL_DATA: '/dev/null' }, '/dev/null'],
    [{ FOOTFALL_DATA: '/dev/null/data' }, '/dev/null/data'],
  ])('when the environment contains %j', async (env: Record<string, string>, sentence) => {
    const { code, output } = await runToEnd(makeFolder(), { env });
    expect(code).toBe(1);
    expect(output).toContain(sentence);
    expect(output).not.toMatch(/^ +at /m);
  });

  it('when an option or a parameter is unknown', async () => {
    expect((await runToEnd(makeFolder(), { args: ['--nonsense'] })).output).toContain('--help');
    const { code, output } = await runToEnd(makeFolder(), { args: ['--parameter-overrides', 'Nonsense=1'] });
    expect([code, output.trim().split('\n').slice(1)]).toEqual([
      1,
      ['The template has no parameter Nonsense.'],
    ]);
  });
});
