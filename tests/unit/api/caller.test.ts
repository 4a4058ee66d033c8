import { identifyCaller, NotSignedInError } from '../../../src/api/caller';
import type { Claims } from '../../../src/http/request';

const claims: Claims = { sub: 'ann', aud: 'ours', token_use: 'id' };
const identify = (more: Claims) => identifyCaller({ ...claims, ...more }, 'ours');

describe('Who calls', () => {
  it('is known by the id of the user pool', () => {
    expect(identify({ 'cognito:username': 'someone else' })).toEqual({ userId: 'ann', isAdmin: false });
  });

  it.each<[string, Claims | undefined]>([
    ['there are no claims', undefined],
    ['there is no id', { ...claims, sub: undefined }],
    ['the id is empty', { ...claims, sub: '' }],
    ['the id is no text', { ...claims, sub: ['ann'] }],
    ['the token is for another client', { ...claims, aud: 'theirs' }],
    ['the token is for several clients', { ...claims, aud: ['ours', 'theirs'] }],
    ['the token is for nobody', { ...claims, aud: undefined }],
    ['the token gives access and says nobody', { ...claims, token_use: 'access' }],
    ['the use of the token is not said', { ...claims, token_use: undefined }],
  ])('is nobody where %s', (_, given) => {
    expect(() => identifyCaller(given, 'ours')).toThrow(NotSignedInError);
  });

  it.each(['admins', 'staff,admins', 'staff, admins', '[admins]', '[staff admins]', '[staff, admins]'])(
    'is an administrator by the groups %s',
    (groups) => {
      expect(identify({ 'cognito:groups': groups }).isAdmin).toBe(true);
    },
  );

  it.each([
    ...['', 'not-admins', 'admins2', 'Admins', 'staff', 'admins-staff', 'my admins', '[not-admins staff]'],
    ...['[admins', 'admins]', '["admins"]', '{"admins":1}', undefined, true, ['admins'], { admins: true }],
  ])('is no administrator by the groups %j', (groups) => {
    expect(identify({ 'cognito:groups': groups }).isAdmin).toBe(false);
  });
});
