import { AdminSetUserPasswordCommand } from '@aws-sdk/client-cognito-identity-provider';
import { endAll } from '../../support/cleanup';
import { adminEmail, Browser, password, startSignInWorld, type SignInWorld } from '../../support/signIn';

let world: SignInWorld;
let admin: Browser;
let member: Browser;

beforeAll(async () => {
  world = await startSignInWorld();
  await world.cognito.send(
    new AdminSetUserPasswordCommand({
      UserPoolId: world.poolId,
      Username: adminEmail,
      Password: password,
      Permanent: true,
    }),
  );
  await world.addUser('ann@example.com');
  [admin, member] = [new Browser(world.runner.url), new Browser(world.runner.url)];
  await admin.signIn(adminEmail);
  await member.signIn('ann@example.com');
  const order = { tag: '/moved', action: 'setStart', visits: '5', origin: 'elsewhere', confirmed: 'yes' };
  await admin.post('/restricted/tags', { ...order, csrf: await admin.csrfToken() });
});

afterAll(endAll);

describe('A change that is sent after the session has ended', () => {
  it('leads to the sign-in and then to the dashboard, because the change itself is lost', async () => {
    const stranger = new Browser(world.runner.url);
    const { headers } = await stranger.post('/restricted/tags', { tag: '/moved', action: 'delete' });
    const answer = await stranger.signIn(adminEmail, password, String(headers.location));
    expect(answer.headers.location).toBe('/restricted');
  });
});

describe('The list of tag changes', () => {
  it('names the author of each change to administrators', async () => {
    const { body } = await admin.get('/restricted');
    expect(body).toContain('Recent tag changes');
    expect(body).toContain(`${adminEmail}, `);
    const json = JSON.parse((await admin.get('/restricted', { accept: 'application/json' })).body) as object;
    expect(json).toMatchObject({ changes: [{ tag: '/moved', by: adminEmail }] });
  });

  it.each(['text/html', 'application/json'])(
    'stays hidden from other members as %s, because it contains email addresses',
    async (accept) => {
      const { status, body } = await member.get('/restricted', { accept });
      expect(status).toBe(200);
      expect(body).toContain('ann@example.com');
      expect(body).not.toContain(adminEmail);
    },
  );
});
