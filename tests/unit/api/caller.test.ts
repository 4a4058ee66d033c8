import { identifyCaller, NotSignedInError } from '../../../src/api/caller';
import type { Claims } from '../../../src/http/request';

const claims: Claims = { sub: 'ann', aud: 'ours', token_use: 'id' };
const identify = (more: Claims) => identifyCaller({ ...claims, ...more }, 'ours');

describe('The caller', () => {
  it('is identified by the user pool’s sub', () => {
    expect(identify({ 'cognito:username': 'someone else' })).toEqual({ userId: 'ann', isAdmin: false });
  });

  it.each<[string, Claims | undefined]>([
    ['there are no claims', undefined],
    ['there is no sub', { ...claims, sub: undefined }],
    ['the sub is empty', { ...claims, sub: '' }],
    ['the sub is not text', { ...claims, sub: ['ann'] }],
    ['the token is for another client', { ...claims, aud: 'theirs' }],
    ['the token is for several clients', { ...claims, aud: ['ours', 'theirs'] }],
    ['the token names no client', { ...claims, aud: undefined }],
    ['the token is an access token', { ...claims, token_use: 'access' }],
    ['the token has no token_use', { ...claims, token_use: undefined }],
  ])('is not signed in when %s', (_, given) => {
    expect(() => identifyCaller(given, 'ours')).toThrow(NotSignedInError);
  });

  it.each(['admins', 'staff,admins', 'staff, admins', '[admins]', '[staff admins]', '[staff, admins]'])(
    'is an administrator with the groups %s',
    (groups) => {
      expect(identify({ 'cognito:groups': groups }).isAdmin).toBe(true);
    },
  );

  it.each([
    ...['', 'not-admins', 'admins2', 'Admins', 'staff', 'admins-staff', 'my admins', '[not-admins staff]'],
    ...['[admins', 'admins]', '["admins"]', '{"admins":1}', undefined, true, ['admins'], { admins: true }],
  ])('is not an administrator with the groups %j', (groups) => {
    expect(identify({ 'cognito:groups': groups }).isAdmin).toBe(false);
  });
});
