/** What is known of a member beside the id. */
export interface MemberDetails {
  name: string | null;
  email: string | null;
  age: number | null;
}

/** What a caller wants of a member's record: what is left out stays, and `null` takes a detail away. */
export interface MemberChanges {
  details: Partial<MemberDetails>;
  /** The version that the caller saw, who wants no other to be changed. */
  version?: number;
}

/** The changes are not such as can be made. The message is one sentence for the caller. */
export class InvalidMemberError extends Error {}

export const maxNameCharacters = 200;
/** The longest address that mail can have. */
export const maxEmailCharacters = 254;
export const maxAge = 150;

/** What a detail has to be, in words and as a check. */
const rules: Record<keyof MemberDetails, { isValid: (value: unknown) => boolean; says: string }> = {
  name: {
    isValid: (value) => isPlainText(value, maxNameCharacters) && value.trim() !== '',
    says: `The name has to be text of 1 to ${maxNameCharacters} characters, without control characters.`,
  },
  email: {
    isValid: (value) => isPlainText(value, maxEmailCharacters) && /^[^\s@]+@[^\s@]+$/.test(value),
    says: `The email has to be an address of at most ${maxEmailCharacters} characters.`,
  },
  age: {
    isValid: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= maxAge,
    says: `The age has to be a whole number from 0 to ${maxAge}.`,
  },
};

/**
 * Reads what a caller sent. Markup in a name is a name like any other: whoever shows it has to escape it.
 * @param fields parsed JSON
 * @throws InvalidMemberError
 */
export function parseMemberChanges(fields: Record<string, unknown>): MemberChanges {
  const { version, ...details } = fields;
  for (const [field, value] of Object.entries(details)) {
    if (!isDetail(field))
      throw new InvalidMemberError('A member has a name, an email, an age and a version, and nothing else.');
    if (value !== null && !rules[field].isValid(value)) throw new InvalidMemberError(rules[field].says);
  }
  if (Object.keys(details).length === 0) throw new InvalidMemberError('There is nothing to change.');
  if (version === undefined) return { details };
  if (!Number.isSafeInteger(version) || Number(version) < 0)
    throw new InvalidMemberError('The version has to be the whole number that came with the member.');
  return { details, version: Number(version) };
}

/** What a user pool's attributes say of a member; what could not stand in a record is left out. */
export function readAttributes(attributes: Record<string, string | undefined>): MemberDetails {
  const { name, email } = attributes;
  return {
    name: name !== undefined && rules.name.isValid(name) ? name : null,
    email: email !== undefined && rules.email.isValid(email) ? email : null,
    age: null,
  };
}

function isDetail(field: string): field is keyof MemberDetails {
  return Object.hasOwn(rules, field);
}

/** A lone half of a surrogate pair cannot be stored as it is. */
function isPlainText(value: unknown, maxCharacters: number): value is string {
  return typeof value === 'string' && value.length <= maxCharacters && !/[\p{Cc}\p{Cs}]/u.test(value);
}
